import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createIdTable } from '../segment/id-table.ts'
import { createInternedStrings } from './interned-strings.ts'
import { property } from '../property.testkit.ts'
import { createStringPool, createStringWriter } from './string-pool.ts'

const anyText = fc.oneof(
  fc.string({ maxLength: 20 }),
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.constantFrom('\ud800', 'a\udc00b', '\udc00\ud800', '😀', '椎名林檎', 'é', 'x'.repeat(700)),
)

const poolOf = (texts: readonly string[]) => {
  const writer = createStringWriter()
  for (const text of texts) writer.add(text)
  return createStringPool(writer.pick(Uint32Array.from(texts.keys())))
}

describe('a pool of strings', () => {
  it('gives back every string exactly, also with unpaired surrogates', () => {
    property(
      fc.array(anyText, { maxLength: 200 }),
      (texts) => {
        const pool = poolOf(texts)
        expect(pool.count).toBe(texts.length)
        expect(texts.map((_, index) => pool.get(index))).toEqual(texts)
      },
      200,
    )
  })
})

describe('interned strings', () => {
  it('have one number each, and are compared by UTF-16 units', () => {
    property(
      fc.array(anyText, { maxLength: 100 }),
      (texts) => {
        const interned = createInternedStrings()
        const numbers = texts.map(interned.of)
        expect(numbers).toEqual(texts.map((text) => [...new Set(texts)].indexOf(text)))
        expect(numbers.map(interned.get)).toEqual(texts)
        expect([...new Set(numbers)].sort(interned.compare).map(interned.get)).toEqual([...new Set(texts)].sort())
      },
      200,
    )
  })
})

describe('an id table', () => {
  it('finds each id, and no other', () => {
    property(
      fc.tuple(fc.uniqueArray(anyText, { maxLength: 100 }), fc.array(anyText, { maxLength: 20 })),
      ([ids, others]) => {
        const table = createIdTable(poolOf(ids))
        for (const [index, id] of ids.entries()) expect(table.find(id)).toBe(index)
        for (const other of others) expect(table.find(other)).toBe(ids.indexOf(other))
      },
      200,
    )
  })
})
