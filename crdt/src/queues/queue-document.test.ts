import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { initialValue } from '../documents/constant-changes.ts'
import type { IntentId } from '../ids.ts'
import { parseReleaseId } from '../ids.ts'
import * as queues from '../queue.ts'
import type { Queue, QueueEntry } from '../queue.ts'
import { deadSlots } from '../slots/slot-list.ts'
import { beginDocument, changed, changePlain, copyFor, merged } from '../testkit/automerge.testkit.ts'
import { lettersOf } from '../testkit/arbitrary-intents.testkit.ts'
import * as samples from '../testkit/sample-values.testkit.ts'
import { queueDifference } from './queue-difference.ts'
import { queueIn, type QueueDocument } from './queue-document.ts'
import type { QueueIntent } from './queue-intent.ts'
import { adoptionIdOf, adoptionOf } from './stored-queue.ts'

const trackOf = (entry: QueueEntry) => samples.trackReference(entry.id)
const entryOf = (name: string, origin: QueueEntry['origin'], contextOrder: number): QueueEntry => {
  const id = samples.queueEntryId(name)
  const { trackId, recordingId } = samples.trackReference(id)
  return { id, trackId, recordingId, origin, contextOrder }
}
const ownEntries = (names: Iterable<string>) => [...names].map((name) => entryOf(name, 'person', 0))
const contextEntries = (names: Iterable<string>) => [...names].map((name, index) => entryOf(name, 'context', index))
const context = { kind: 'release', id: parseReleaseId('r'.repeat(26)) } as const
const play = (queue: Queue, names: string): Queue =>
  queues.playContext(queue, { context, entries: contextEntries(names), startId: undefined }, samples.createDraw(1))
const letters = (document: QueueDocument): string => lettersOf(queueIn(document).queue.entries.map(({ id }) => id))
const difference = (before: Queue, after: Queue, number = 1): QueueIntent =>
  queueDifference({ id: samples.intentId(number), before, after, trackOf }) ?? {
    kind: 'changeQueue',
    id: samples.intentId(number),
    steps: [],
  }
/** A document that shows a queue. */
const documentOf = (queue: Queue) => changed('queue', beginDocument('queue'), difference(queues.emptyQueue, queue))

/** Every function of the queue, with arbitrary arguments. `fresh`: names that no entry has yet. */
type Step = { readonly apply: (queue: Queue, fresh: readonly string[]) => Queue }
const index = fc.nat(20)
const idAt = (queue: Queue, at: number) =>
  queue.entries[at % Math.max(1, queue.entries.length)]?.id ?? samples.queueEntryId('none')
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.nat(1_000).map((seed) => ({
    apply: (queue: Queue, fresh: readonly string[]) =>
      queues.playContext(
        queue,
        { context: seed % 2 === 0 ? context : { kind: 'tracks' }, entries: contextEntries(fresh), startId: undefined },
        samples.createDraw(seed),
      ),
  })),
  fc.constant({
    apply: (queue: Queue, fresh: readonly string[]) => queues.playNext(queue, ownEntries(fresh.slice(0, 2))),
  }),
  fc.constant({
    apply: (queue: Queue, fresh: readonly string[]) => queues.addToQueue(queue, ownEntries(fresh.slice(0, 3))),
  }),
  index.map((at) => ({ apply: (queue: Queue) => queues.removeEntry(queue, idAt(queue, at)) })),
  fc.tuple(index, index).map(([at, to]) => ({ apply: (queue: Queue) => queues.moveEntry(queue, idAt(queue, at), to) })),
  index.map((at) => ({ apply: (queue: Queue) => queues.goTo(queue, idAt(queue, at)) })),
  fc.tuple(fc.boolean(), fc.nat(1_000)).map(([on, seed]) => ({
    apply: (queue: Queue) => queues.setShuffle(queue, on, samples.createDraw(seed)),
  })),
  fc.constantFrom('off' as const, 'all' as const, 'one' as const).map((repeat) => ({
    apply: (queue: Queue) => queues.setRepeat(queue, repeat),
  })),
  fc.constant({ apply: queues.clearUpcoming }),
)
const freshNames = (round: number): string[] =>
  Array.from({ length: 5 }, (_, each) => samples.intentId(round * 8 + each + 1).slice(2, 8))

describe('as a document', () => {
  test('[QD1] [QD2] whatever the functions of the queue make, the document shows it', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 15 }), (steps) => {
        let queue = queues.emptyQueue
        let document = beginDocument('queue')
        steps.forEach(({ apply }, round) => {
          const after = apply(queue, freshNames(round))
          document = changed('queue', document, difference(queue, after, round + 1))
          queue = after
          const shown = queueIn(document)
          expect(shown.queue).toEqual(queue)
          expect(deadSlots(document)).toEqual([])
          for (const entry of queue.entries) expect(shown.tracks.get(entry.id)).toEqual(trackOf(entry))
        })
      }),
      { numRuns: 60, seed: 5 },
    )
  })
  test('[QD1] entries that cannot be read are left out, and a current entry that is gone is none', () => {
    const document = initialValue('queue')
    changePlain('queue', document, difference(queues.emptyQueue, play(queues.emptyQueue, 'bcd')))
    expect(queueIn(document).queue.currentId).toBe(samples.queueEntryId('b'))
    document.entries[samples.queueEntryId('b')]!.item = '[]'
    expect(letters(document)).toBe('cd')
    expect(queueIn(document).queue.currentId).toBeUndefined()
  })
  test('[QD2] nothing is moved when entries are only added or removed, and no difference is no intent', () => {
    const queue = play(queues.emptyQueue, 'bcdef')
    const added = queues.playNext(queue, ownEntries('xy'))
    const removed = queues.removeEntry(added, samples.queueEntryId('d'))
    for (const [before, after] of [
      [queue, added],
      [added, removed],
    ] as const)
      expect(difference(before, after).steps.filter(({ kind }) => kind === 'moveEntries')).toEqual([])
    const moved = difference(queue, queues.moveEntry(queue, samples.queueEntryId('f'), 1))
    expect(moved.steps).toEqual([
      {
        kind: 'moveEntries',
        ids: [samples.queueEntryId('f')],
        place: { kind: 'after', entry: samples.queueEntryId('b') },
      },
    ])
    expect(queueDifference({ id: samples.intentId(1), before: queue, after: queue, trackOf })).toBeUndefined()
  })
  test('[QD3] slots of moved and removed entries are removed, also those that another device left', () => {
    const queue = play(queues.emptyQueue, 'bcdef')
    const a = documentOf(queue)
    const move = (to: number, number: number) =>
      difference(queue, queues.moveEntry(queue, samples.queueEntryId('b'), to), number)
    const both = merged(changed('queue', a, move(2, 2)), changed('queue', copyFor(a, 1), move(4, 3)))
    expect(deadSlots(both)).toHaveLength(1)
    const shown = queueIn(both).queue
    const cleared = changed('queue', both, difference(shown, queues.removeEntry(shown, samples.queueEntryId('b')), 4))
    expect(cleared.seq).toHaveLength(4)
  })
})

describe('two devices', () => {
  const queue = play(queues.emptyQueue, 'bcdef')
  const together = (first: (queue: Queue) => Queue, second: (queue: Queue) => Queue): QueueDocument => {
    const a = documentOf(queue)
    const one = changed('queue', a, difference(queue, first(queue), 2))
    const two = changed('queue', copyFor(a, 1), difference(queue, second(queue), 3))
    const both = merged(one, two)
    expect(queueIn(merged(two, one))).toEqual(queueIn(both))
    return both
  }
  test('[OR4] [OR8] what both queue at the same time is there, each in one run', () => {
    const both = together(
      (each) => queues.playNext(each, ownEntries('xyz')),
      (each) => queues.playNext(each, ownEntries('uvw')),
    )
    expect(['bxyzuvwcdef', 'buvwxyzcdef']).toContain(letters(both))
  })
  test('[OR8] an entry that one removes and the other moves is gone', () => {
    const both = together(
      (each) => queues.removeEntry(each, samples.queueEntryId('c')),
      (each) => queues.moveEntry(each, samples.queueEntryId('c'), 4),
    )
    expect(letters(both)).toBe('bdef')
  })
  test('[Q11] [QD1] shuffling on both devices at the same time loses and doubles nothing', () => {
    const both = together(
      (each) => queues.setShuffle(each, true, samples.createDraw(2)),
      (each) => queues.setShuffle(each, true, samples.createDraw(3)),
    )
    expect([...letters(both)].toSorted().join('')).toBe('bcdef')
    expect(queueIn(both).queue).toMatchObject({ isShuffled: true, currentId: samples.queueEntryId('b') })
  })
})

describe('a kept queue', () => {
  const device = samples.deviceId('d')
  const many = Array.from({ length: 1_000 }, (_, at) => entryOf(samples.intentId(at + 1).slice(2, 8), 'context', at))
  const kept: Queue = { entries: many, currentId: many[990]!.id, context, isShuffled: true, repeat: 'all' }
  const adoption = (known = true) =>
    adoptionOf({
      device,
      serverId: samples.aServer,
      queue: kept,
      trackOf: (entry) => (known ? trackOf(entry) : undefined),
    })
  const adopted = (document = initialValue('queue'), intents = adoption()): QueueDocument => {
    for (const intent of intents) changePlain('queue', document, intent)
    return document
  }
  test('[MG3] 1,000 entries come in order with everything, and the same however often it is tried', () => {
    expect(adoption().length).toBeGreaterThan(1)
    expect(adoption()).toEqual(adoption())
    const document = adopted()
    expect(queueIn(document).queue).toEqual(kept)
    const before = JSON.stringify(document)
    expect(JSON.stringify(adopted(document))).toBe(before)
    const interrupted = adopted(initialValue('queue'), adoption().slice(0, 2))
    expect(queueIn(adopted(interrupted)).queue).toEqual(kept)
  })
  test('[MG3] an entry of which nothing is known keeps its ids', () => {
    const { queue, tracks } = queueIn(adopted(initialValue('queue'), adoption(false)))
    expect(queue.entries).toEqual(many)
    expect(tracks.get(many[5]!.id)).toMatchObject({ serverId: samples.aServer, title: '', durationMs: 0 })
  })
  test('[MG3] each device has its own id for it, and an empty queue is nothing', () => {
    const id: IntentId = adoptionIdOf(device)
    expect(adoptionIdOf(samples.deviceId('e'))).not.toBe(id)
    expect(adoptionOf({ device, serverId: samples.aServer, queue: queues.emptyQueue, trackOf })).toEqual([])
  })
  test('[QD4] a document that shows another queue does not adopt it', () => {
    const document = initialValue('queue')
    changePlain('queue', document, difference(queues.emptyQueue, play(queues.emptyQueue, 'bcd')))
    expect(letters(adopted(document))).toBe('bcd')
    const other = adoptionOf({
      device: samples.deviceId('e'),
      serverId: samples.aServer,
      queue: play(queues.emptyQueue, 'bc'),
      trackOf,
    })
    expect(letters(adopted(initialValue('queue'), [...other, ...adoption()]))).toBe('bc')
  })
})
