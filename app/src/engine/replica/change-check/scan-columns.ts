import { createByteReader, type ByteReader } from './byte-reader.ts'
import type { ChangeLimits } from './change-limits.ts'
import type { ScanFailure } from './void-reason.ts'

// The columns of a change: https://automerge.org/automerge-binary-format-spec/. Only lengths are read here; nothing is unpacked.

/** Specification (id, type) of each column that operations of ours use, in the order of the format. */
const columns = {
  objectActor: 1,
  objectCounter: 2,
  keyActor: 17,
  keyCounter: 19,
  keyText: 21,
  insert: 52,
  action: 66,
  valueSize: 86,
  value: 87,
  predCount: 112,
  predActor: 113,
  predCounter: 115,
} as const
const knownColumns: ReadonlySet<number> = new Set(Object.values(columns))

/** null, false, true, integer, float, text. No bytes, counters, times or unknown types. */
const valueTypes: ReadonlySet<number> = new Set([0, 1, 2, 4, 5, 6])

export type ColumnSizes = { readonly ops: number; readonly preds: number; readonly keyBytes: number }

/** Reads the table of columns and the columns themselves. All work and memory is bounded by the number of bytes. */
export const scanColumns = (reader: ByteReader, limits: ChangeLimits): ColumnSizes | ScanFailure => {
  const data = readTable(reader)
  if (typeof data === 'string') return data
  if (!reader.isDone()) return 'wrong-chunk'
  return measure(data, limits)
}

type ColumnData = ReadonlyMap<number, Uint8Array>

const readTable = (reader: ByteReader): ColumnData | ScanFailure => {
  const lengths: [number, number][] = []
  const count = reader.uint()
  if (count > knownColumns.size) return 'wrong-column'
  for (let index = 0; index < count; index += 1) {
    const column = reader.uint()
    if (!knownColumns.has(column)) return reader.failure() ?? 'wrong-column'
    if (column <= (lengths.at(-1)?.[0] ?? 0)) return 'malformed'
    lengths.push([column, reader.uint()])
  }
  const data = new Map(lengths.map(([column, length]) => [column, reader.take(length)]))
  return reader.failure() ?? data
}

const measure = (data: ColumnData, limits: ChangeLimits): ColumnSizes | ScanFailure => {
  const column = (name: keyof typeof columns): ByteReader =>
    createByteReader(data.get(columns[name]) ?? new Uint8Array())
  const readers: ByteReader[] = []
  const rle = (
    name: keyof typeof columns,
    maxRows: number,
    read: (reader: ByteReader) => number = (r) => r.int(),
  ): RunTotals => {
    const reader = column(name)
    readers.push(reader)
    return addRuns(reader, maxRows, read)
  }
  const ops = rle('action', limits.maxOps, (r) => r.uint()).rows
  const preds = rle('predCount', ops, (r) => r.uint()).sum
  if (preds > limits.maxPreds) return 'limit'
  for (const name of ['objectActor', 'objectCounter', 'keyActor'] as const) rle(name, ops, (r) => r.uint())
  rle('keyCounter', ops)
  rle('predActor', preds, (r) => r.uint())
  rle('predCounter', preds)
  const keyBytes = rle('keyText', ops, (r) => r.take(r.uint()).length).sum
  const valueBytes = rle('valueSize', ops, readValueSize).sum
  const insert = column('insert')
  readers.push(insert)
  addBooleans(insert, ops)
  const failure = readers.map((reader) => reader.failure()).find((found) => found !== undefined)
  if (failure !== undefined) return failure
  if (keyBytes > limits.maxKeyBytes) return 'limit'
  if (valueBytes !== (data.get(columns.value)?.length ?? 0)) return 'malformed'
  return { ops, preds, keyBytes }
}

const readValueSize = (reader: ByteReader): number => {
  const meta = reader.uint()
  if (!valueTypes.has(meta % 16)) reader.fail('wrong-column')
  return Math.floor(meta / 16)
}

/** `sum`: of all values, each counted as often as it is repeated. */
type RunTotals = { readonly rows: number; readonly sum: number }

/** Run lengths: n > 0: a value n times; n < 0: −n values; 0: a number of rows without a value. */
const addRuns = (reader: ByteReader, maxRows: number, readValue: (reader: ByteReader) => number): RunTotals => {
  let rows = 0
  let sum = 0
  const add = (count: number, value: number): void => {
    rows += count
    sum += count * value
    if (rows > maxRows) reader.fail('limit')
  }
  while (!reader.isDone()) {
    const run = reader.int()
    if (run > 0) add(run, readValue(reader))
    else if (run === 0) add(reader.uint(), 0)
    // A failed reader is done: the loop ends with the bytes, whatever the length says.
    else for (let left = -run; left > 0 && reader.failure() === undefined; left -= 1) add(1, readValue(reader))
  }
  return { rows, sum }
}

/** Alternating numbers of false and true. */
const addBooleans = (reader: ByteReader, maxRows: number): void => {
  for (let rows = 0; !reader.isDone();) {
    rows += reader.uint()
    if (rows > maxRows) reader.fail('limit')
  }
}
