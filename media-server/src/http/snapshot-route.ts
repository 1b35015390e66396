import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import { ProblemError } from '@tonestead/protocol/problem'
import { maxTracksOnDevice } from '@tonestead/protocol/search'
import type { Context } from 'hono'
import type { Audience } from '@tonestead/protocol/audience'
import type { SearchGateway } from '../search/search-gateway.ts'
import { audienceFor } from './authenticate.ts'
import type { HttpEnv } from './http-services.ts'

type Encoding = 'br' | 'gzip' | 'identity'
type Cached = {
  readonly tag: string
  readonly sequence: number
  readonly encodings: Map<Encoding, Promise<Buffer>>
  readonly bytes: Uint8Array
}

// Brotli at quality 5 is a seventh smaller than gzip and takes about the same time. Both run in libuv's thread pool.
const compressors = {
  br: (bytes: Uint8Array): Promise<Buffer> =>
    promisify(brotliCompress)(bytes, {
      params: { [constants.BROTLI_PARAM_QUALITY]: 5, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
    }),
  gzip: (bytes: Uint8Array): Promise<Buffer> => promisify(gzip)(bytes),
  identity: (bytes: Uint8Array): Promise<Buffer> =>
    Promise.resolve(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)),
} as const satisfies Record<Encoding, (bytes: Uint8Array) => Promise<Buffer>>

/** Sends the snapshot for the caller's audience. Each is compressed once and cached in memory: at most 100 000 tracks, some megabytes. */
export const createSnapshotRoute = (search: SearchGateway) => {
  const cache = new Map<Audience, Cached>()
  const current = async (audience: Audience): Promise<Cached> => {
    const known = cache.get(audience)
    const found = await search.deviceSnapshot(audience, known?.tag)
    if (found.kind === 'too-large')
      throw new ProblemError(
        'catalog-too-large',
        `A device stores the index of at most ${maxTracksOnDevice} tracks. Search on the server instead.`,
      )
    if (found.kind === 'building') throw new ProblemError('not-ready', 'The index for devices is being built.')
    if (known?.tag === found.tag) return known
    if (found.bytes === undefined) throw new Error('a snapshot without its bytes')
    const snapshot = { tag: found.tag, sequence: found.sequence, bytes: found.bytes, encodings: new Map() }
    cache.set(audience, snapshot)
    return snapshot
  }
  return async (c: Context<HttpEnv>) => {
    const snapshot = await current(audienceFor(c))
    const encoding = encodingFor(c.req.header('accept-encoding') ?? '')
    const headers = {
      etag: `"${snapshot.tag}-${encoding}"`,
      'cache-control': 'private, no-cache',
      vary: 'accept-encoding, authorization',
      'tonestead-sequence': String(snapshot.sequence),
    }
    // A client that has the same index in another encoding has it all the same.
    if ((c.req.header('if-none-match') ?? '').includes(snapshot.tag)) return c.body(null, 304, headers)
    const body = snapshot.encodings.get(encoding) ?? compressors[encoding](snapshot.bytes)
    snapshot.encodings.set(encoding, body)
    const bytes = await body
    return c.body(new Uint8Array(bytes.buffer as ArrayBuffer, bytes.byteOffset, bytes.byteLength), 200, {
      ...headers,
      'content-type': 'application/octet-stream',
      'content-length': String(bytes.length),
      ...(encoding === 'identity' ? {} : { 'content-encoding': encoding }),
    })
  }
}

const encodingFor = (accepted: string): Encoding => {
  const names = accepted
    .split(',')
    .map((part) => part.trim().toLowerCase())
    .filter((part) => !/;\s*q=0(\.0*)?$/.test(part))
    .map((part) => part.split(';')[0])
  return names.includes('br') ? 'br' : names.includes('gzip') ? 'gzip' : 'identity'
}
