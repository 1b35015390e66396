import { deflateRawSync, inflateRawSync } from 'node:zlib'
import type { Compression } from '../../../app/src/ports/compression.ts'

/** Compression without threads: every promise is settled in the same turn of the event loop. */
export const simulationCompression: Compression = {
  deflate: (bytes) => Promise.resolve(new Uint8Array(deflateRawSync(bytes))),
  inflate: (bytes, mostBytes) => {
    try {
      return Promise.resolve(new Uint8Array(inflateRawSync(bytes, { maxOutputLength: mostBytes })))
    } catch {
      // Not compressed bytes, or too many: nothing else is thrown.
      return Promise.resolve(undefined)
    }
  },
}
