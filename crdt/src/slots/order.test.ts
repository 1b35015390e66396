import type { Doc } from '@automerge/automerge'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { PlaylistDocument } from '../playlists/playlist-document.ts'
import { beginDocument, changed, copyFor, merged } from '../testkit/automerge.testkit.ts'
import { lettersOf } from '../testkit/arbitrary-intents.testkit.ts'
import { expectSoundHistories } from '../testkit/random-history.testkit.ts'
import { createDraw, entryId, intentId, playlistEntry } from '../testkit/sample-values.testkit.ts'
import type { Place } from './place.ts'
import { deadSlots, shownIds } from './slot-list.ts'

type Playlist = Doc<PlaylistDocument>
const add = (
  ...[playlist, names, place = { kind: 'end' }, number = 1]: [Playlist, string, Place?, number?]
): Playlist =>
  changed('playlist', playlist, {
    kind: 'addEntries',
    id: intentId(number),
    entries: [...names].map(playlistEntry),
    place,
  })
const move = (...[playlist, names, place, number]: [Playlist, string, Place, number]): Playlist =>
  changed('playlist', playlist, { kind: 'moveEntries', id: intentId(number), ids: [...names].map(entryId), place })
const remove = (playlist: Playlist, names: string, number: number): Playlist =>
  changed('playlist', playlist, { kind: 'removeEntries', id: intentId(number), ids: [...names].map(entryId) })
const after = (name: string): Place => ({ kind: 'after', entry: entryId(name) })
const start: Place = { kind: 'start' }
const letters = (playlist: Playlist): string => lettersOf(shownIds(playlist))
/** What is shown after both have the changes of the other; both must show the same. */
const together = (a: Playlist, b: Playlist): string => {
  const both = letters(merged(a, b))
  expect(letters(merged(b, a))).toBe(both)
  return both
}
const begun = (names = 'bcdefg'): { readonly a: Playlist; readonly b: Playlist } => {
  const a = add(beginDocument('playlist'), names)
  return { a, b: copyFor(a, 1) }
}

describe('one device', () => {
  test('[OR3] [OR4] entries are added and moved to the start, the end and after an entry, in the given order', () => {
    const { a } = begun()
    expect(letters(add(a, 'xy', start, 2))).toBe('xybcdefg')
    expect(letters(add(a, 'xy', after('d'), 2))).toBe('bcdxyefg')
    expect(letters(move(a, 'fb', after('d'), 2))).toBe('cdfbeg')
    expect(letters(move(a, 'gb', start, 2))).toBe('gbcdef')
    expect(letters(move(a, 'cb', { kind: 'end' }, 2))).toBe('defgcb')
  })
  test('[OR5] after a removed entry is where it was; after its slots are collected, and after an unknown entry, it is the end', () => {
    const { a } = begun()
    const removed = remove(a, 'd', 2)
    expect(letters(add(removed, 'x', after('d'), 3))).toBe('bcxefg')
    const collected = changed('playlist', removed, { kind: 'collectSlots', id: intentId(3), slots: deadSlots(removed) })
    expect(letters(add(collected, 'x', after('d'), 4))).toBe('bcefgx')
    expect(letters(add(a, 'x', after('z'), 4))).toBe('bcdefgx')
  })
  test('[OR1] [OR6] an intent adds an entry once: neither after others moved it nor after it was removed does it do so again', () => {
    const { a } = begun()
    const moved = move(a, 'b', { kind: 'end' }, 2)
    expect(letters(add(moved, 'bcdefg'))).toBe('cdefgb')
    expect(letters(add(remove(a, 'bd', 2), 'bcdefg'))).toBe('cefg')
  })
  test('[OR6] an intent moves an entry once, and only one that is there', () => {
    const { a } = begun()
    const twice = move(move(a, 'b', after('d'), 2), 'b', after('f'), 3)
    expect(letters(move(twice, 'b', after('d'), 2))).toBe('cdefbg')
    expect(letters(move(remove(a, 'b', 2), 'bc', after('d'), 3))).toBe('dcefg')
  })
})

describe('two devices', () => {
  test('[OR8] of two moves of one entry one wins, and the entry is shown once', () => {
    const { a, b } = begun()
    const both = together(move(a, 'b', after('d'), 2), move(b, 'b', after('f'), 3))
    expect(['cdbefg', 'cdefbg']).toContain(both)
  })
  test('[OR8] removing wins over moving and over a new track', () => {
    const { a, b } = begun()
    expect(together(remove(a, 'c', 2), move(b, 'bcd', { kind: 'end' }, 3))).toBe('efgbd')
    const replaced = changed('playlist', b, {
      kind: 'replaceTracks',
      id: intentId(3),
      tracks: [{ id: entryId('c'), track: playlistEntry('n').track }],
    })
    expect(together(remove(a, 'c', 2), replaced)).toBe('bdefg')
  })
  test('[OR9] of two moves of the same entries in the same order one wins for all of them', () => {
    fc.assert(
      fc.property(
        fc.nat(3),
        fc.integer({ min: 1, max: 3 }),
        fc.nat(5),
        fc.boolean(),
        (...[from, count, more, isSecond]) => {
          const { a, b } = begun()
          // Further changes of one device make the numbers of its operations higher.
          const busy = Array.from({ length: more }).reduce<Playlist>(
            (each, _, index) => changed('playlist', each, { kind: 'setTitle', id: intentId(9), title: `${index}` }),
            isSecond ? b : a,
          )
          const names = 'bcdefg'.slice(from, from + count)
          const [first, second] = isSecond ? [a, busy] : [busy, b]
          const both = together(move(first, names, start, 2), move(second, names, { kind: 'end' }, 3))
          expect(both.startsWith(names) || both.endsWith(names)).toBe(true)
        },
      ),
      { numRuns: 15, seed: 1 },
    )
  })
  test('[OR7] collecting slots changes nothing, also while another device moves, adds and restores', () => {
    const { a, b } = begun()
    const [moved, other] = [move(a, 'b', after('d'), 2), move(b, 'b', after('f'), 3)]
    const [one, two] = [merged(moved, other), merged(other, moved)]
    const collected = changed('playlist', one, { kind: 'collectSlots', id: intentId(4), slots: deadSlots(one) })
    expect(deadSlots(collected)).toEqual([])
    expect(letters(collected)).toBe(letters(two))
    expect(together(collected, move(two, 'b', start, 5))).toBe('bcdefg')
    const live = changed('playlist', two, { kind: 'collectSlots', id: intentId(4), slots: two.seq.map(String) })
    expect(letters(live)).toBe(letters(two))
  })
  test('[OR4] runs of several devices at one place do not interleave, inserted forwards, backwards, and moved', () => {
    fc.assert(
      fc.property(fc.nat(2 ** 30), (seed) => {
        const draw = createDraw(seed)
        const { a } = begun()
        let number = 2
        const replicas = [0, 1, 2].map((replica) => {
          const runs: string[] = []
          let document = copyFor(a, replica)
          for (let count = 1 + draw(3); count > 0; count -= 1) {
            const names = Array.from(
              { length: 2 + draw(3) },
              (_, index) => `${'xyz'.charAt(replica)}${'bcde'.charAt(count)}${'efghij'.charAt(index)}`,
            )
            const last = runs.at(-1)?.split(' ').at(-1)
            const isForwards = draw(2) === 0 && last !== undefined
            const place: Place = isForwards ? after(last) : after('d')
            document = changed('playlist', document, {
              kind: 'addEntries',
              id: intentId((number += 1)),
              entries: names.map(playlistEntry),
              place: draw(2) === 0 ? place : after('d'),
            })
            if (draw(3) === 0)
              document = changed('playlist', document, {
                kind: 'moveEntries',
                id: intentId((number += 1)),
                ids: names.map(entryId),
                place: after('f'),
              })
            runs.push(names.join(' '))
          }
          return { document, runs }
        })
        const all = replicas.map(({ document }) => document).reduce(merged)
        const order = shownIds(all)
          .map((id) => id.slice(0, 3))
          .join(' ')
        for (const { runs } of replicas) for (const run of runs) expect(order).toContain(run)
      }),
      { numRuns: 25, seed: 2 },
    )
  })
})

test('[OR8] whatever four devices do, all show the same in the end, and nothing is lost, doubled or returns', () => {
  expectSoundHistories({ seeds: 6, length: 30 })
})
