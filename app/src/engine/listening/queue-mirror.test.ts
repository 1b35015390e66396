import { queueIn } from '@tonestead/crdt/queues/queue-document'
import { emptyQueue, type Queue } from '@tonestead/crdt/queue'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createCell } from '../cell.ts'
import { createUnavailableDocuments } from '../documents/unavailable-documents.ts'
import { aroundCurrent } from '../playback/queue-persistence.ts'
import { createListeningWorld, deviceNamed, knownTracks, queueOf } from './listening.testkit.ts'
import { createQueueChanges } from './queue-changes.ts'
import { queueWriteEveryMs, startQueueMirror } from './queue-mirror.ts'

const start = (queue: Queue = emptyQueue, world = createListeningWorld()) => {
  const view = createCell({ queue, tracks: knownTracks })
  const changes = createQueueChanges({ ...world, view })
  const mirror = { begin: () => startQueueMirror({ ...world, view, changes }) }
  return {
    ...world,
    mirror,
    play: (next: Queue): void => view.set({ queue: next, tracks: knownTracks }),
    shown: (): Queue => {
      const document = world.documents.view<'queue'>({ address: { kind: 'queue' } }).get()
      if (document.kind !== 'open') throw new Error('the queue is not open')
      return queueIn(document.document).queue
    },
  }
}
const longWait = queueWriteEveryMs + 100

test('[KQ1] [KQ2] changes of the queue are in the document after a while, in one write, with their tracks', async () => {
  const { mirror, play, shown, clock, documents } = start()
  mirror.begin()
  await clock.advance(0)
  play(queueOf([1, 2, 3]))
  play(queueOf([1, 2, 3, 4], 2, { repeat: 'all' }))
  await clock.advance(queueWriteEveryMs - 100)
  expect(documents.edits).toEqual([])
  await clock.advance(200)
  expect(shown()).toEqual(queueOf([1, 2, 3, 4], 2, { repeat: 'all' }))
  expect(documents.edits).toHaveLength(1)
  play(queueOf([1, 2, 3, 4], 3, { repeat: 'all' }))
  await clock.advance(longWait)
  expect(documents.edits[1]?.intent).toMatchObject({ kind: 'changeQueue', steps: [{ kind: 'setCurrent' }] })
})

test('[KQ2] in a minute of constant changes there are at most 12 writes, and the last change is written', async () => {
  const { mirror, play, shown, clock, documents } = start()
  mirror.begin()
  for (let second = 0; second < 120; second += 1) {
    play(queueOf([1, 2, 3, 4 + second]))
    await clock.advance(500)
  }
  await clock.advance(longWait)
  expect(documents.edits.length).toBeLessThanOrEqual(13)
  expect(shown()).toEqual(queueOf([1, 2, 3, 123]))
})

test('[KQ1] of a long queue the entries around the current one are written', async () => {
  const { mirror, play, shown, clock } = start()
  mirror.begin()
  const long = queueOf(
    Array.from({ length: 1_200 }, (_, index) => index),
    700,
  )
  play(long)
  await clock.advance(longWait)
  expect(shown()).toEqual(aroundCurrent(long))
  expect(shown().entries).toHaveLength(1_000)
})

test('[KQ3] a queue that was only restored is not written over that of another device', async () => {
  const world = createListeningWorld()
  await world.values.put('queue-adopted', true)
  const other = start(emptyQueue, { ...world, deviceId: deviceNamed('b') })
  other.mirror.begin()
  other.play(queueOf([7, 8]))
  await world.clock.advance(longWait)
  const restored = start(queueOf([1, 2]), world)
  restored.mirror.begin()
  await world.clock.advance(longWait)
  expect(restored.shown()).toEqual(queueOf([7, 8]))
  restored.play(queueOf([1, 2], 2))
  await world.clock.advance(longWait)
  expect(restored.shown()).toEqual(queueOf([1, 2], 2))
})

test('[KQ3] a change before the page was closed is written at the next start, once', async () => {
  const world = createListeningWorld()
  await world.values.put('queue-adopted', true)
  const closed = start(emptyQueue, {
    ...world,
    documents: { ...world.documents, ...createUnavailableDocuments('not-begun') },
  })
  closed.mirror.begin()
  closed.play(queueOf([1, 2]))
  await world.clock.advance(longWait)
  expect(await world.values.get('queue-waiting')).toBe(true)
  const { mirror, shown, documents } = start(queueOf([1, 2]), world)
  mirror.begin()
  await world.clock.advance(longWait)
  expect(shown()).toEqual(queueOf([1, 2]))
  expect(await world.values.get('queue-waiting')).toBe(false)
  const count = documents.edits.length
  start(queueOf([1, 2]), world).mirror.begin()
  await world.clock.advance(longWait)
  expect(documents.edits).toHaveLength(count)
})

test('[KQ4] the queue that was kept comes into an empty document once, and into no other', async () => {
  const world = createListeningWorld()
  const { mirror, shown, documents } = start(queueOf([1, 2, 3], 2), world)
  mirror.begin()
  await world.clock.advance(longWait)
  expect(shown()).toEqual(queueOf([1, 2, 3], 2))
  expect(documents.edits.map(({ intent }) => intent.kind)).toEqual(['adoptQueue'])
  const second = start(queueOf([9]), { ...createListeningWorld(), documents, deviceId: deviceNamed('b') })
  second.mirror.begin()
  await second.clock.advance(longWait)
  expect(second.shown()).toEqual(queueOf([1, 2, 3], 2))
})

test('[KQ1] after any list of changes the document shows the queue of the device', async () => {
  const numbers = fc.uniqueArray(fc.nat(30), { maxLength: 12 })
  const change = fc.record({ numbers, at: fc.nat(11), waits: fc.boolean(), isShuffled: fc.boolean() })
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 6 }), async (changes) => {
      const { mirror, play, shown, clock } = start()
      mirror.begin()
      let last: Queue = emptyQueue
      for (const { numbers, at, waits, isShuffled } of changes) {
        last = queueOf(numbers, numbers[at % Math.max(1, numbers.length)], { isShuffled })
        play(last)
        if (waits) await clock.advance(longWait)
      }
      await clock.advance(2 * longWait)
      expect(shown()).toEqual(last)
    }),
    { numRuns: 40 },
  )
})

test('[KQ3] a change before the mirror began is written when it begins', async () => {
  const world = createListeningWorld()
  await world.values.put('queue-adopted', true)
  const { mirror, play, shown } = start(queueOf([1, 2]), world)
  play(queueOf([1, 2], 2))
  await world.clock.advance(60_000)
  expect(world.documents.edits).toEqual([])
  mirror.begin()
  await world.clock.advance(longWait)
  expect(shown()).toEqual(queueOf([1, 2], 2))
})
