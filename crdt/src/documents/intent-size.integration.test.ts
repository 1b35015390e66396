import { describe, expect, test } from 'vitest'
import type { PlaylistIntent } from '../playlists/playlist-intent.ts'
import { entryIdOf } from '../slots/slot-ids.ts'
import { attempt, beginDocument, lastChangeBytes } from '../testkit/automerge.testkit.ts'
import * as samples from '../testkit/sample-values.testkit.ts'
import type { DocumentKind } from './document-kind.ts'
import type { Intents } from './documents.ts'
import { splitIntent } from './split-intent.ts'

const id = samples.intentId(7)
const entry = samples.playlistEntry('e')
const end = { kind: 'end' } as const
/** Texts of three bytes for each unit, so that changes are as large as they can be. */
const wide = (units: number): string => '音'.repeat(units)
const largeTrack = (name: string) =>
  samples.trackReference(name, {
    title: wide(300),
    credits: [
      { name: wide(200), join: wide(40) },
      { name: wide(200), join: '' },
    ],
  })
const entries = (count: number, track = samples.trackReference) =>
  Array.from({ length: count }, (_, index) => ({ ...entry, id: entryIdOf(id, index), track: track(`n${index}`) }))

describe('size', () => {
  const largest = 224 * 1024
  const sizeOf = <K extends DocumentKind>(kind: K, intents: readonly Intents[K][]): number[] => {
    let document = beginDocument(kind)
    return intents.map((intent) => {
      const after = attempt(kind, document, { intent })
      expect(after.outcome).toEqual({ kind: 'applied' })
      document = after.document
      return lastChangeBytes(document as never)
    })
  }
  test('[IN3] the largest changes fit an envelope', () => {
    const parts = splitIntent('playlist', { kind: 'addEntries', id, entries: entries(400, largeTrack), place: end })
    const added = splitIntent('playlist', { kind: 'addEntries', id, entries: entries(1_000), place: end })
    const ids = entries(1_000).map((each) => each.id)
    const others: PlaylistIntent[] = [
      { kind: 'moveEntries', id: samples.intentId(8), ids, place: { kind: 'start' } },
      { kind: 'removeEntries', id: samples.intentId(9), ids },
    ]
    const sizes = [...sizeOf('playlist', parts), ...sizeOf('playlist', [...added, ...others])]
    for (const size of sizes) expect(size).toBeLessThanOrEqual(largest)
    // Parts are filled: an estimate far above the real size would make many of them.
    expect(Math.max(...sizes)).toBeGreaterThan(largest / 2)
  })
  test('[IN3] a library and a queue are cut too', () => {
    const tracks = entries(1_200).map(({ track }) => ({ savedAt: samples.anInstant, track }))
    const saves = splitIntent('library', { kind: 'saveTracks', id, tracks })
    expect(saves.flatMap((save) => (save.kind === 'saveTracks' ? save.tracks : []))).toEqual(tracks)
    for (const size of sizeOf('library', saves)) expect(size).toBeLessThanOrEqual(largest)
    const steps = [
      {
        kind: 'insertEntries',
        entries: entries(1_000).map((each) => ({ ...samples.queueEntry('q'), ...each })),
        place: end,
      },
      { kind: 'setRepeat', repeat: 'all' },
    ] as const
    const changes = splitIntent('queue', { kind: 'changeQueue', id, steps: steps as never })
    expect(changes.length).toBeGreaterThan(1)
    for (const size of sizeOf('queue', changes)) expect(size).toBeLessThanOrEqual(largest)
    expect(changes.at(-1)!.steps.at(-1)).toEqual({ kind: 'setRepeat', repeat: 'all' })
  })
})
