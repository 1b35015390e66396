import * as Automerge from '@automerge/automerge'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as Y from 'yjs'
import { splitIntent } from '@tonestead/crdt/documents/split-intent'
import type { EntryId } from '@tonestead/crdt/ids'
import type { PlaylistIntent } from '../crdt/src/playlists/playlist-intent.ts'
import { createReplica } from '../app/src/engine/replica/create-replica.ts'
import { createDomainRules } from '../app/src/engine/replica/documents/domain-rules.ts'
import { createWorld, type TestDevice } from '../app/src/engine/replica/replica-world.testkit.ts'
import { silentLog } from '../app/src/platform/system/silent-log.ts'
import { systemClock as clock } from '../app/src/platform/system/system-clock.ts'
import { streamCompression } from '../app/src/platform/system/stream-compression.ts'
import { noSnapshots } from '../app/src/engine/replica/snapshots/snapshot-rules.ts'
import { systemRandom as random } from '../app/src/platform/system/system-random.ts'
import { entryId, intentId, playlistEntry } from '../crdt/src/testkit/sample-values.testkit.ts'
import { copyJournal } from '../app/src/engine/replica/checked/checked-journal.testkit.ts'
import type { MemoryJournal } from '../app/src/platform/browser-storage/memory-journal.ts'
import { measurePeer } from './documents/measure-peer.ts'
import { parseCount } from './runner/bench-options.ts'
import { note } from './runner/note.ts'
import { median, row } from './runner/rows.ts'
import { runBench } from './runner/run-bench.ts'

const document = 'playlist/measured'
const letters = 'abcdefghij'
/** Ids of one length, so that no two are the same. */
const entryOf = (number: number): EntryId =>
  entryId(`e${[...String(number).padStart(5, '0')].map((digit) => letters[Number(digit)]).join('')}`)

type Case = { readonly entries: number; readonly perEdit: number }

/** Adds entries to a playlist; all of them get their place in the log. */
const fill = async (device: TestDevice, { entries, perEdit }: Case, settle: () => Promise<void>): Promise<void> => {
  for (let from = 0; from < entries; from += perEdit) {
    const added = Array.from({ length: perEdit }, (_, index) => ({ ...playlistEntry('p'), id: entryOf(from + index) }))
    const intent: PlaylistIntent = {
      kind: 'addEntries',
      id: intentId(from + 1),
      entries: added,
      place: { kind: 'end' },
    }
    for (const part of splitIntent('playlist', intent))
      await device.replica.edit({ collection: device.personal, document, intent: { id: part.id, operation: part } })
    if (from % 100 === 0) await settle()
  }
  await settle()
}

type Opened = { readonly ms: number; readonly editMs: number; readonly saved: Uint8Array; readonly plain: Plain }
type Plain = { readonly entries: Readonly<Record<string, unknown>> }

/** From the journal to what the document shows; then the first edit, which needs the index of the checks. */
const open = async ({ identity, personal }: TestDevice, journal: MemoryJournal): Promise<Opened> => {
  const began = performance.now()
  const replica = await createReplica({
    ...{ subtle: crypto.subtle, random, clock, journal, log: silentLog, device: identity },
    rulesOf: createDomainRules(),
    ...{ compression: streamCompression, snapshotRules: noSnapshots },
  })
  const shown = replica.show(personal, document)
  if (shown === undefined) throw new Error('the playlist is not there')
  const shownAt = performance.now()
  const operation: PlaylistIntent = { kind: 'setTitle', id: intentId(999_999), title: 'Measured' }
  await replica.edit({ collection: personal, document, intent: { id: operation.id, operation } })
  const editMs = performance.now() - shownAt
  const value = shown as Automerge.Doc<Plain>
  const opened = { ms: shownAt - began, editMs, saved: Automerge.save(value), plain: Automerge.toJS(value) }
  await replica.close()
  return opened
}

const openOften = async (device: TestDevice, withChecked: boolean, repetitions: number): Promise<Opened[]> => {
  const all: Opened[] = []
  while (all.length < repetitions) all.push(await open(device, await copyJournal(device.journal, { withChecked })))
  return all
}

/** The same entries in Yjs: a map for each. */
const yjsOf = ({ entries }: Plain): Uint8Array => {
  const made = new Y.Doc()
  const map = made.getMap('entries')
  // Immutable strings of Automerge become strings.
  const texts = JSON.parse(JSON.stringify(entries)) as Readonly<Record<string, object>>
  made.transact(() => {
    for (const [id, entry] of Object.entries(texts)) map.set(id, new Y.Map(Object.entries(entry)))
  })
  return Y.encodeStateAsUpdate(made)
}

const parseCases = (text: string): Case[] =>
  text.split(',').map((part) => {
    const [entries = '', perEdit = ''] = part.split('/')
    return { entries: parseCount('cases', entries), perEdit: parseCount('cases', perEdit) }
  })

await runBench(
  {
    name: 'open-documents',
    about:
      'Time from opening the journal of a device until a playlist is shown: with checked documents, and when everything is judged again; then until the first edit is kept. The journal is in memory. The others load the same entries from a file, in processes of their own, and check nothing.',
    options: {
      cases: {
        about: 'entries/entries in each edit, with commas',
        value: '1000/1000,1000/1,10000/10000',
        short: '200/1',
      },
      repetitions: { about: 'repetitions of each case', value: '5', short: '1' },
    },
  },
  async ({ add, options, folder }) => {
    const repetitions = parseCount('repetitions', options.repetitions)
    for (const each of parseCases(options.cases)) {
      const world = await createWorld()
      const device = await world.createAccount('ann')
      note(`writing ${each.entries} entries, ${each.perEdit} in each edit`)
      await fill(device, each, world.settle)
      await device.replica.close()
      const checked = await openOften(device, true, repetitions)
      const judged = await openOften(device, false, repetitions)
      const { saved, plain } = checked[0] ?? judged[0] ?? (await open(device, device.journal))
      const [automerge, yjs] = [join(folder, 'automerge'), join(folder, 'yjs')]
      await Promise.all([writeFile(automerge, saved), writeFile(yjs, yjsOf(plain))])
      const figures = {
        case: `${each.entries} entries, ${each.perEdit} in each edit`,
        unit: 'ms',
        better: 'lower',
      } as const
      const value = median(checked.map(({ ms }) => ms))
      const openRow = { ...figures, metric: 'open', value, level: 500 }
      add(
        row({
          ...openRow,
          peer: 'Automerge load',
          peerValue: await measurePeer('open-automerge.main.ts', automerge, repetitions),
        }),
        row({ ...openRow, peer: 'Yjs', peerValue: await measurePeer('open-yjs.main.ts', yjs, repetitions) }),
        row({ ...figures, metric: 'open, all judged again', value: median(judged.map(({ ms }) => ms)) }),
        row({ ...figures, metric: 'first edit after it', value: median(checked.map(({ editMs }) => editMs)) }),
      )
    }
  },
)
