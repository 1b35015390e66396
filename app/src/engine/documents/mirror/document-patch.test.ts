import fc from 'fast-check'
import { expect, test } from 'vitest'
import { applyPatch, differenceOf, documentPatchSchema } from './document-patch.ts'
import type { PlainMap, PlainValue } from './plain-value.ts'
import { withSameParts } from './same-parts.ts'

const text = fc.constantFrom('a', 'b', 'c', 'd', '__proto__', 'constructor')
const { value } = fc.letrec<{ value: PlainValue; map: PlainMap; list: PlainValue[] }>((tie) => ({
  value: fc.oneof({ maxDepth: 4 }, text, fc.nat(3), fc.boolean(), tie('map'), tie('list')),
  map: fc.dictionary(text, tie('value'), { noNullPrototype: true }),
  list: fc.array(tie('value'), { maxLength: 6 }),
}))

test('[DO3] a patch makes the one value of the other, also after a way through JSON and the schema', () => {
  fc.assert(
    fc.property(value, value, (before, after) => {
      const patch = differenceOf(before, withSameParts(before, after))
      if (patch === undefined) return void expect(after).toEqual(before)
      const sent = documentPatchSchema.parse(structuredClone(patch))
      expect(applyPatch(before, sent)).toEqual(after)
    }),
    { numRuns: 2000 },
  )
})

test('[DO2] parts that are equal are the same objects, and an equal value is the value before', () => {
  fc.assert(
    fc.property(value, value, (before, after) => {
      expect(withSameParts(before, after)).toEqual(after)
      expect(withSameParts(before, structuredClone(before))).toBe(before)
    }),
    { numRuns: 1000 },
  )
})

test('[DO2] [DO3] a patch leaves alone what it does not name', () => {
  const before = { entries: { a: { at: '1' }, b: { at: '2' } }, seq: ['1', '2'] }
  const after = applyPatch(before, {
    kind: 'map',
    put: [],
    remove: [],
    inside: [['entries', { kind: 'map', put: [['c', { at: '3' }]], remove: [], inside: [] }]],
  }) as typeof before
  expect(after.entries.a).toBe(before.entries.a)
  expect(after.seq).toBe(before.seq)
  expect(after).toEqual({ entries: { ...before.entries, c: { at: '3' } }, seq: ['1', '2'] })
})

test('[DO3] changes of a large document make small patches: insertions and removals in several places, one entry', () => {
  const ids = Array.from({ length: 10_000 }, (_, index) => `slot${index}`)
  const entries = Object.fromEntries(ids.map((id) => [id, { at: id, item: 'x'.repeat(200) }]))
  const before: PlainValue = { seq: ids, entries }
  const seq = ids.toSpliced(9_000, 2, 'new1').toSpliced(5_000, 0, 'new2', 'new3').toSpliced(0, 1)
  const after = withSameParts(before, { seq, entries: { ...entries, slot7: { at: 'slot7', item: 'other' } } })
  const patch = differenceOf(before, after)!
  expect(JSON.stringify(patch).length).toBeLessThan(500)
  expect(applyPatch(before, patch)).toEqual(after)
})

test('[DO3] a patch of another value is refused', () => {
  expect(() => applyPatch('a', { kind: 'list', splices: [] })).toThrow('another value')
  expect(() => applyPatch(['a'], { kind: 'list', splices: [{ at: 1, remove: 1, insert: [] }] })).toThrow()
})
