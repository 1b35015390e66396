import { createByteReader, type ByteReader } from './byte-reader.ts'
import type { ChangeLimits } from './change-limits.ts'
import { scanColumns, type ColumnSizes } from './scan-columns.ts'
import type { ScanFailure } from './void-reason.ts'

const magic = [0x85, 0x6f, 0x4a, 0x83]
const checksumBytes = 4
const changeChunk = 1
const hashBytes = 32
/** An actor of ours is a SHA-256 (E3) or the fixed actor of a constant change. */
const maxActorBytes = 32

/**
 * Looks at a change before Automerge decodes it: 105 bytes with large run lengths took Automerge 21 s, and 97 kB became 100 MB. One pass over the bytes
 * that unpacks nothing, so time and memory are linear in the number of bytes. The sizes are what decoding would make of it.
 */
export const scanChange = (bytes: Uint8Array, limits: ChangeLimits): ColumnSizes | ScanFailure => {
  const reader = createByteReader(bytes)
  const start = reader.take(magic.length + checksumBytes)
  const [chunk] = reader.take(1)
  const length = reader.uint()
  if (reader.failure() !== undefined || magic.some((byte, index) => start[index] !== byte)) return 'malformed'
  if (chunk !== changeChunk) return 'wrong-chunk'
  const content = reader.take(length)
  if (reader.failure() !== undefined) return 'malformed'
  if (!reader.isDone()) return 'wrong-chunk'
  return scanContent(createByteReader(content), limits)
}

const scanContent = (reader: ByteReader, limits: ChangeLimits): ColumnSizes | ScanFailure => {
  skipMany(reader, () => reader.take(hashBytes))
  skipActor(reader)
  const seq = reader.uint()
  const startOp = reader.uint()
  reader.int() // time, in ms since 1970
  skipText(reader, limits.maxMessageBytes)
  skipMany(reader, () => skipActor(reader))
  const failure = reader.failure()
  if (failure !== undefined) return failure
  if (seq === 0 || startOp === 0) return 'malformed'
  if (startOp > limits.maxOpCounter) return 'limit'
  const sizes = scanColumns(reader, limits)
  if (typeof sizes === 'string') return sizes
  return startOp + sizes.ops > limits.maxOpCounter ? 'limit' : sizes
}

/** Each skip takes at least a byte or fails, so the loop ends with the bytes, whatever the count says. */
const skipMany = (reader: ByteReader, skip: () => void): void => {
  for (let left = reader.uint(); left > 0 && reader.failure() === undefined; left -= 1) skip()
}

const skipText = (reader: ByteReader, maxBytes: number): void => {
  const length = reader.uint()
  if (length > maxBytes) reader.fail('limit')
  else reader.take(length)
}

const skipActor = (reader: ByteReader): void => skipText(reader, maxActorBytes)
