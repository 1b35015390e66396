import { concat, type Bytes } from '@tonestead/protocol/bytes'
import type { Compression } from '../../ports/compression.ts'

/** Compression by the streams of the platform. */
export const streamCompression: Compression = {
  deflate: async (bytes) => {
    const deflated = await readUpTo(through(bytes, new CompressionStream('deflate-raw')), Infinity)
    if (deflated === undefined) throw new Error('bytes could not be compressed')
    return deflated
  },
  inflate: async (bytes, mostBytes) => {
    try {
      return await readUpTo(through(bytes, new DecompressionStream('deflate-raw')), mostBytes)
    } catch (error) {
      // What the platform throws for bytes that are not compressed ones.
      if (error instanceof TypeError) return undefined
      throw error
    }
  },
}

const through = (bytes: Bytes, stream: CompressionStream | DecompressionStream): ReadableStream<Bytes> =>
  new Blob([bytes]).stream().pipeThrough(stream)

/** Everything that the stream gives; undefined when it is more than `mostBytes`, and then the stream is ended. */
const readUpTo = async (stream: ReadableStream<Bytes>, mostBytes: number): Promise<Bytes | undefined> => {
  const reader = stream.getReader()
  const pieces: Bytes[] = []
  let size = 0
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    size += read.value.length
    pieces.push(read.value)
    if (size <= mostBytes) continue
    await reader.cancel()
    return undefined
  }
  return concat(...pieces)
}
