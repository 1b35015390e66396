import { concat, type Bytes } from '@tonestead/protocol/bytes'
import { createHash } from 'node:crypto'

// Takes a change of Automerge apart and puts it together again with a right checksum, so that tests can write what the library would not.

export type ChangeParts = {
  deps: Bytes[]
  actor: Bytes
  seq: Bytes
  startOp: Bytes
  time: Bytes
  message: Bytes
  otherActors: Bytes[]
  columns: Map<number, Bytes>
  rest: Bytes
}

const magic = Uint8Array.of(0x85, 0x6f, 0x4a, 0x83)

export const uleb = (value: number | bigint): Bytes => {
  const bytes: number[] = []
  for (let rest = BigInt(value); ; rest >>= 7n) {
    const low = Number(rest & 127n)
    if (rest < 128n) return Uint8Array.from([...bytes, low])
    bytes.push(low | 128)
  }
}

export const sleb = (value: number | bigint): Bytes => {
  const bytes: number[] = []
  for (let rest = BigInt(value); ; rest >>= 7n) {
    const low = Number(BigInt.asUintN(7, rest))
    if (rest >= -64n && rest < 64n) return Uint8Array.from([...bytes, low])
    bytes.push(low | 128)
  }
}

/** A run of one value; `value` is encoded already. */
export const run = (length: number | bigint, value: Uint8Array): Bytes => concat(sleb(length), value)

export const chunkOf = (type: number, content: Uint8Array): Bytes => {
  const body = concat(Uint8Array.of(type), uleb(content.length), content)
  const checksum = createHash('sha256').update(body).digest().subarray(0, 4)
  return concat(magic, checksum, body)
}

/** The same bytes with the checksum that belongs to them; for a changed byte somewhere. */
export const withChecksum = (chunk: Uint8Array): Bytes => {
  const checksum = createHash('sha256').update(chunk.subarray(8)).digest().subarray(0, 4)
  return concat(chunk.subarray(0, 4), checksum, chunk.subarray(8))
}

export const contentOf = (chunk: Uint8Array): Bytes => {
  const { raw } = reading(chunk, 9)
  raw()
  return concat(reading(chunk, 9).rest(1))
}

const reading = (bytes: Uint8Array, start: number) => {
  let offset = start
  const raw = (): Bytes => {
    const from = offset
    while ((bytes[offset] ?? 0) >= 128) offset += 1
    offset += 1
    return concat(bytes.subarray(from, offset))
  }
  const number = (): number => raw().reduceRight((value, byte) => value * 128 + (byte & 127), 0)
  const take = (count: number): Bytes => {
    offset += count
    return concat(bytes.subarray(offset - count, offset))
  }
  return {
    raw,
    number,
    take,
    rest: (numbers: number): Bytes => {
      for (let index = 0; index < numbers; index += 1) raw()
      return take(bytes.length - offset)
    },
  }
}

export const partsOf = (chunk: Uint8Array): ChangeParts => {
  const { raw, number, take, rest } = reading(contentOf(chunk), 0)
  const many = <T>(read: () => T): T[] => Array.from({ length: number() }, read)
  const deps = many(() => take(32))
  const actor = take(number())
  const [seq, startOp, time] = [raw(), raw(), raw()]
  const message = take(number())
  const otherActors = many(() => take(number()))
  const lengths = many(() => [number(), number()] as const)
  const columns = new Map(lengths.map(([column, length]) => [column, take(length)]))
  return { deps, actor, seq, startOp, time, message, otherActors, columns, rest: rest(0) }
}

export const changeOf = (parts: ChangeParts): Bytes => {
  const prefixed = (bytes: Uint8Array): Bytes => concat(uleb(bytes.length), bytes)
  const table = [...parts.columns].map(([column, bytes]) => concat(uleb(column), uleb(bytes.length)))
  return chunkOf(
    1,
    concat(
      uleb(parts.deps.length),
      ...parts.deps,
      prefixed(parts.actor),
      parts.seq,
      parts.startOp,
      parts.time,
      prefixed(parts.message),
      uleb(parts.otherActors.length),
      ...parts.otherActors.map(prefixed),
      uleb(table.length),
      ...table,
      ...parts.columns.values(),
      parts.rest,
    ),
  )
}
