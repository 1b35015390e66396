import { textOf } from '@tonestead/crdt/documents/document-text'
import { mapOf, type PlainMap, type PlainValue } from '../mirror/plain-value.ts'

/**
 * Makes documents plain data, as tabs get them: texts are strings. Automerge keeps the objects that a change does not touch, so what was made of them is kept too, and
 * a change of one entry costs no more than a look at the keys beside it.
 */
export const createPlainReader = (): ((document: object) => PlainMap) => {
  const known = new WeakMap<object, PlainValue>()
  const read = (value: unknown): PlainValue | undefined => {
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value
    if (typeof value !== 'object' || value === null) return undefined
    const before = known.get(value)
    if (before !== undefined) return before
    const plain = readObject(value)
    known.set(value, plain)
    return plain
  }
  const readObject = (value: object): PlainValue => {
    if (Array.isArray(value)) return value.flatMap((each) => read(each) ?? [])
    if ('val' in value && typeof value.val === 'string') return textOf(value)
    return mapOf(
      Object.entries(value).flatMap(([key, each]) => {
        const plain = read(each)
        return plain === undefined ? [] : [[key, plain] as const]
      }),
    )
  }
  return (document) => readObject(document) as PlainMap
}
