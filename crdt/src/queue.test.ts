import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseQueueEntryId, parseRecordingId, parseReleaseId, parseTrackId } from './ids.ts'
import * as queues from './queue.ts'
import type { Draw, Queue, QueueEntry } from './queue.ts'

const idOf = (text: string): string => text.padEnd(26, 'a')
const entry = (name: string, origin: QueueEntry['origin'] = 'context', contextOrder = 0): QueueEntry => ({
  id: parseQueueEntryId(idOf(name)),
  trackId: parseTrackId(idOf(name)),
  recordingId: parseRecordingId(idOf(name)),
  origin,
  contextOrder,
})
const context = { kind: 'release', id: parseReleaseId(idOf('r')) } as const
const names = (queue: Queue): string =>
  queue.entries
    .map((each) => (each.id === queue.currentId ? each.id.charAt(0).toUpperCase() : each.id.charAt(0)))
    .join('')
const idIn = (queue: Queue, name: string) => queue.entries.find((each) => each.id.startsWith(name))!.id
const contextEntries = (text: string): QueueEntry[] => [...text].map((name, index) => entry(name, 'context', index))
const ownEntries = (text: string): QueueEntry[] => [...text].map((name) => entry(name, 'person'))

/** Seeded random numbers, so that a failure can be repeated. */
const drawWith = (seed: number): Draw => {
  let state = seed >>> 0
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}
const started = (text: string, startName?: string, { queue, seed } = { queue: queues.emptyQueue, seed: 1 }): Queue => {
  const entries = contextEntries(text)
  return queues.playContext(
    queue,
    { context, entries, startId: entries.find((each) => each.id.startsWith(startName ?? '?'))?.id },
    drawWith(seed),
  )
}

describe('playing a context', () => {
  test('[Q1] replaces the context; what a person queued stays, after the new current entry', () => {
    const queue = queues.addToQueue(started('bcd'), ownEntries('xy'))
    expect(names(started('efg', 'f', { queue, seed: 1 }))).toBe('eFxyg')
  })
  test('[Q1] removes what a person queued and already played', () => {
    const queue = queues.addToQueue(started('bcd'), ownEntries('xy'))
    expect(names(started('ef', undefined, { queue: queues.goTo(queue, idIn(queue, 'x')), seed: 1 }))).toBe('Eyf')
  })
  test('[Q1] when shuffled, starts with the chosen entry, or with a random one', () => {
    const shuffling = queues.setShuffle(queues.emptyQueue, true, drawWith(1))
    expect(names(started('bcdefgh', 'e', { queue: shuffling, seed: 1 }))).toMatch(/^E[b-h]{6}$/)
    const starts = new Set(
      Array.from(
        { length: 60 },
        (_, seed) => started('bcdefgh', undefined, { queue: shuffling, seed: seed * 7919 + 1 }).currentId,
      ),
    )
    expect(starts.size).toBeGreaterThan(3)
  })
  test('[Q1] leaves no current entry when the context is empty', () => {
    expect(started('')).toMatchObject({ entries: [], currentId: undefined })
  })
})

describe('adding', () => {
  test('[Q2] playNext inserts after the current entry, in the given order', () => {
    expect(names(queues.playNext(started('bcd', 'c'), ownEntries('xy')))).toBe('bCxyd')
    expect(names(queues.playNext(queues.emptyQueue, ownEntries('xy')))).toBe('Xy')
  })
  test('[Q3] addToQueue inserts after the person’s entries and before the context', () => {
    const queue = queues.addToQueue(queues.addToQueue(started('bcd'), ownEntries('xy')), ownEntries('z'))
    expect(names(queue)).toBe('Bxyzcd')
    expect(names(queues.addToQueue(started('b'), ownEntries('x')))).toBe('Bx')
    expect(names(queues.addToQueue(queues.emptyQueue, ownEntries('xy')))).toBe('Xy')
  })
})

describe('removing and moving', () => {
  test('[Q4] removing the current entry makes the following one current, or none at the end', () => {
    const queue = started('bcd', 'c')
    expect(names(queues.removeEntry(queue, idIn(queue, 'c')))).toBe('bD')
    expect(names(queues.removeEntry(queue, idIn(queue, 'b')))).toBe('Cd')
    const last = queues.goTo(queue, idIn(queue, 'd'))
    expect(queues.removeEntry(last, idIn(queue, 'd')).currentId).toBeUndefined()
    expect(queues.removeEntry(queue, parseQueueEntryId(idOf('q')))).toBe(queue)
  })
  test('[Q5] an index outside the list is clamped', () => {
    const queue = started('bcde', 'c')
    expect(names(queues.moveEntry(queue, idIn(queue, 'e'), 0))).toBe('ebCd')
    expect(names(queues.moveEntry(queue, idIn(queue, 'b'), 99))).toBe('Cdeb')
    expect(names(queues.moveEntry(queue, idIn(queue, 'c'), -5))).toBe('Cbde')
  })
  test('[Q9] clearing leaves the history and the current entry', () => {
    expect(names(queues.clearUpcoming(started('bcde', 'c')))).toBe('bC')
  })
})

describe('next and previous', () => {
  const at = (name: string, repeat: queues.Repeat): Queue => queues.setRepeat(started('bcd', name), repeat)
  test('[Q6] next is the following entry; after the last one, the first if repeat is all, else none', () => {
    expect(queues.nextEntry(at('b', 'off'), 'command')?.id).toMatch(/^c/)
    expect(queues.nextEntry(at('d', 'off'), 'ended')).toBeUndefined()
    expect(queues.nextEntry(at('d', 'all'), 'ended')?.id).toMatch(/^b/)
  })
  test('[Q6] repeat one repeats a track that ended, and does not hold back the command', () => {
    expect(queues.nextEntry(at('c', 'one'), 'ended')?.id).toMatch(/^c/)
    expect(queues.nextEntry(at('c', 'one'), 'command')?.id).toMatch(/^d/)
  })
  test('[Q7] previous is the entry before; before the first one, the last if repeat is all, else none', () => {
    expect(queues.previousEntry(at('c', 'off'))?.id).toMatch(/^b/)
    expect(queues.previousEntry(at('b', 'off'))).toBeUndefined()
    expect(queues.previousEntry(at('b', 'all'))?.id).toMatch(/^d/)
    expect(queues.previousEntry(queues.emptyQueue)).toBeUndefined()
  })
  test('[Q10] Previous goes to the entry before until 3 s into the current one, and to its start after that', () => {
    for (const positionMs of [0, 2_999, 3_000])
      expect(queues.previousTarget(at('c', 'off'), positionMs)).toMatchObject({ id: idIn(at('c', 'off'), 'b') })
    for (const positionMs of [3_000.5, 3_001, 60_000])
      expect(queues.previousTarget(at('c', 'off'), positionMs)).toBe('start')
  })
  test('[Q10] Previous at the first entry goes to its start, or to the last entry when all repeats', () => {
    expect(queues.previousTarget(at('b', 'off'), 1_000)).toBe('start')
    expect(queues.previousTarget(at('b', 'all'), 1_000)).toMatchObject({ id: idIn(at('b', 'all'), 'd') })
    expect(queues.previousTarget(at('b', 'all'), 5_000)).toBe('start')
    expect(queues.previousTarget(queues.emptyQueue, 0)).toBe('start')
  })
})

describe('shuffle', () => {
  test('[Q8] shuffling puts the current entry first, then the person’s entries, then every other entry once', () => {
    const queue = queues.addToQueue(started('bcdefgh', 'd'), ownEntries('xy'))
    const mixed = queues.setShuffle(queue, true, drawWith(5))
    expect(names(mixed)).toMatch(/^Dxy[b-h]{6}$/)
    expect([...mixed.entries].map((each) => each.id).toSorted()).toEqual(
      [...queue.entries].map((each) => each.id).toSorted(),
    )
  })
  test('[Q8] unshuffling restores the order of the context around the current entry', () => {
    const mixed = queues.setShuffle(queues.addToQueue(started('bcdef', 'd'), ownEntries('xy')), true, drawWith(5))
    expect(names(queues.setShuffle(mixed, false, drawWith(1)))).toBe('bcDxyef')
  })
  test('[Q8] what a person queued and already played stays in the history', () => {
    const queue = queues.addToQueue(started('bcd'), ownEntries('x'))
    const played = queues.goTo(queue, idIn(queue, 'c'))
    expect(names(queues.setShuffle(played, true, drawWith(3)))).toMatch(/^xC[bd]{2}$/)
    expect(names(queues.setShuffle(queues.setShuffle(played, true, drawWith(3)), false, drawWith(3)))).toBe('xbCd')
  })
  test('[Q8] every permutation of three entries is about equally likely', () => {
    const counts = new Map<string, number>()
    const draw = drawWith(42)
    for (let round = 0; round < 6000; round += 1) {
      const order = names(queues.setShuffle(started('bcde'), true, draw))
      counts.set(order, (counts.get(order) ?? 0) + 1)
    }
    expect(counts.size).toBe(6)
    for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(150)
  })
})

describe('extending the context', () => {
  test('[Q12] adds after its last entry, or before everything; the current entry stays current', () => {
    const queue = queues.addToQueue(started('cde', 'd'), ownEntries('x'))
    const entries = ownEntries('yz').map((each) => ({ ...each, origin: 'context' as const }))
    expect(names(queues.extendContext(queue, { entries, end: 'last' }, drawWith(1)))).toBe('cDxeyz')
    expect(names(queues.extendContext(queue, { entries, end: 'first' }, drawWith(1)))).toBe('yzcDxe')
    expect(names(queues.extendContext(queues.emptyQueue, { entries, end: 'last' }, drawWith(1)))).toBe('yz')
  })
  test('[Q12] when shuffled, what is added comes in random order, and unshuffling restores the order of the context', () => {
    const shuffled = queues.setShuffle(started('bcd', 'b'), true, drawWith(1))
    const added = 'efgh'.split('').map((name, index) => entry(name, 'context', 3 + index))
    const orders = new Set(
      Array.from({ length: 60 }, (_, seed) => {
        const longer = queues.extendContext(shuffled, { entries: added, end: 'last' }, drawWith(seed * 7919 + 1))
        expect(names(queues.setShuffle(longer, false, drawWith(1)))).toBe('Bcdefgh')
        return names(longer)
      }),
    )
    expect(orders.size).toBeGreaterThan(10)
    for (const order of orders) expect(order).toMatch(/^B[cd]{2}[e-h]{4}$/)
  })
})

test('[Q11] no sequence of operations loses or doubles an entry, and the current entry is always in the list', () => {
  const step = fc.record({
    kind: fc.constantFrom('add', 'next', 'move', 'shuffle', 'unshuffle', 'goTo', 'remove'),
    a: fc.nat(1000),
    b: fc.nat(1000),
  })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), fc.nat(2 ** 31), (steps, seed) => {
      const draw = drawWith(seed)
      let queue = started('bcdefg')
      let added = 0
      const expected = new Set(queue.entries.map((each) => each.id))
      for (const { kind, a, b } of steps) {
        const some = queue.entries[a % Math.max(1, queue.entries.length)]
        const fresh = entry(
          `z${'bcdefghijk'.charAt(added % 10)}${'bcdefghijk'.charAt(Math.floor(added / 10))}`,
          'person',
        )
        if (kind === 'add' || kind === 'next') {
          added += 1
          expected.add(fresh.id)
          queue = kind === 'add' ? queues.addToQueue(queue, [fresh]) : queues.playNext(queue, [fresh])
        }
        if (kind === 'shuffle' || kind === 'unshuffle') queue = queues.setShuffle(queue, kind === 'shuffle', draw)
        if (some === undefined) continue
        if (kind === 'move') queue = queues.moveEntry(queue, some.id, b % 50)
        if (kind === 'goTo') queue = queues.goTo(queue, some.id)
        if (kind === 'remove') {
          expected.delete(some.id)
          queue = queues.removeEntry(queue, some.id)
        }
        expect([...queue.entries].map((each) => each.id).toSorted()).toEqual([...expected].toSorted())
        if (queue.currentId !== undefined) expect(queues.currentEntry(queue)).toBeDefined()
      }
    }),
    { numRuns: 300 },
  )
})
