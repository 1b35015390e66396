import { isList, isMap, mapOf, valueAt, type PlainMap, type PlainValue } from './plain-value.ts'

/** [DO2] `next`, in which every part that equals the part of `before` at the same place is the same object; `before` itself when all is equal. */
export const withSameParts = (before: PlainValue | undefined, next: PlainValue): PlainValue => {
  if (before === next || typeof next !== 'object') return next
  if (isList(next)) return isList(before) ? sameList(before, next) : next
  return isMap(before) && isMap(next) ? sameMap(before, next) : next
}

const sameList = (before: readonly PlainValue[], next: readonly PlainValue[]): PlainValue => {
  const shared = next.map((value, index) => withSameParts(before[index], value))
  return shared.length === before.length && shared.every((value, index) => value === before[index]) ? before : shared
}

const sameMap = (before: PlainMap, next: PlainMap): PlainMap => {
  const shared = Object.entries(next).map(([key, value]) => [key, withSameParts(valueAt(before, key), value)] as const)
  const isSame =
    shared.length === Object.keys(before).length && shared.every(([key, value]) => value === valueAt(before, key))
  return isSame ? before : mapOf(shared)
}
