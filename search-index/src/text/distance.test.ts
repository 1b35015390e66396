import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createDistance } from './distance.ts'
import { distances } from '../plain-search.testkit.ts'
import { property } from '../property.testkit.ts'

const word = (maxLength: number) => fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength })

it('[SM2] the banded distance equals that of the whole table, up to 2', () => {
  property(fc.array(fc.tuple(word(14), word(16)), { maxLength: 10 }), (pairs) => {
    const units = Uint16Array.from(pairs.map(([, to]) => to).join(''), (letter) => letter.charCodeAt(0))
    const distance = createDistance(units)
    let start = 0
    for (const [from, to] of pairs) {
      distance.set(from)
      distance.measure(start, to.length)
      expect(distance.whole, `${from} ${to}`).toBe(Math.min(3, distances(from, to).at(-1)!))
      expect(distance.prefix, `${from} ${to}…`).toBe(Math.min(3, ...distances(from, to)))
      start += to.length
    }
  })
})
