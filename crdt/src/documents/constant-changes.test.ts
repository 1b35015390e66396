import * as Automerge from '@automerge/automerge'
import { describe, expect, test } from 'vitest'
import { actorOf, beginDocument, changed, merged, plainOf } from '../testkit/automerge.testkit.ts'
import * as samples from '../testkit/sample-values.testkit.ts'
import {
  changesAfter,
  changesOf,
  constantChanges,
  initialValue,
  schemaVersion,
  type SchemaHistory,
} from './constant-changes.ts'
import { documentKinds } from './document-kind.ts'

/** The documents of a schema history, made by a device of its own. */
const documentOf = (changes: readonly ((draft: Record<string, unknown>) => void)[]) =>
  changes.reduce(
    (document, change) => Automerge.change(document, { time: 0 }, change),
    Automerge.init<Record<string, unknown>>({ actor: '00'.repeat(16) }),
  )

test.each(documentKinds)(
  '[MG1] the constant changes of %s are the same bytes at each call, and give the first value',
  (kind) => {
    const [first, second] = [documentOf(constantChanges(kind)), documentOf(constantChanges(kind))]
    expect(Automerge.getAllChanges(first)).toEqual(Automerge.getAllChanges(second))
    expect(plainOf(first)).toEqual(initialValue(kind))
    expect(initialValue(kind).v).toBe(schemaVersion(kind))
    expect(initialValue(kind)).not.toBe(initialValue(kind))
  },
)
test('[MG1] the bytes of the first value never change: other devices have begun documents with them', () => {
  const hashes = documentKinds.map((kind) => Automerge.getHeads(documentOf(constantChanges(kind)))[0]!.slice(0, 16))
  expect(Object.fromEntries(documentKinds.map((kind, index) => [kind, hashes[index]]))).toMatchInlineSnapshot(`
    {
      "history": "8e2978f1f81fb1b7",
      "library": "230a830c89bd1ec1",
      "playback": "e3264b1bb622f741",
      "playlist": "c1204ae14c564df0",
      "queue": "c1204ae14c564df0",
      "root": "e004417fec9cc025",
      "settings": "a439590a9050f7f3",
    }
  `)
})
test('[MG1] two devices that begin a document while offline begin the same one', () => {
  const save = (replica: number, name: string) =>
    changed('library', beginDocument('library', replica), {
      kind: 'saveTracks',
      id: samples.intentId(replica),
      tracks: [{ savedAt: samples.anInstant, track: samples.trackReference(name) }],
    })
  expect(Object.keys(merged(save(0, 'x'), save(1, 'y')).tracks)).toHaveLength(2)
})

describe('migrations', () => {
  const history: SchemaHistory = {
    first: { v: 1, names: {} },
    migrations: [
      (draft) => void (draft['colors'] = {}),
      (draft) => {
        draft['sizes'] = {}
        delete draft['colors']
      },
    ],
  }
  const older: SchemaHistory = { ...history, migrations: history.migrations.slice(0, 1) }

  test('[MG2] a document of an older version gets what it lacks, and is then equal to a new one', () => {
    const old = documentOf(changesOf(older))
    expect(old['v']).toBe(2)
    const migrated = changesAfter(history, 2)!.reduce(
      (document, change) => Automerge.change(document, { time: 0 }, change),
      old,
    )
    expect(plainOf(migrated)).toEqual({ v: 3, names: {}, sizes: {} })
    expect(Automerge.getHeads(migrated)).toEqual(Automerge.getHeads(documentOf(changesOf(history))))
  })
  test('[MG2] what devices wrote before a migration stays, and two devices may migrate on their own', () => {
    const begun = documentOf(changesOf(older))
    const edited = Automerge.change(Automerge.clone(begun, { actor: actorOf(1) }), (draft) => {
      ;(draft['names'] as Record<string, string>)['a'] = 'x'
    })
    const migrated = changesAfter(history, 2)!.reduce(
      (document, change) => Automerge.change(document, { time: 0 }, change),
      begun,
    )
    expect(plainOf(Automerge.merge(edited, migrated))).toEqual({ v: 3, names: { a: 'x' }, sizes: {} })
  })
  test('[MG2] a document of this version lacks nothing, and one of a newer version is left alone', () => {
    expect(changesAfter(history, 3)).toEqual([])
    expect(changesAfter(history, 4)).toBeUndefined()
  })
})
