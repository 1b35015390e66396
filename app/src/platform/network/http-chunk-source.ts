import type { ChunkReply, ChunkSource } from '../../ports/chunk-source.ts'

/** Chunks from the server or a cache in front of it. They are stored in Cache Storage, so the HTTP cache of the browser shall not store them again. */
export const createHttpChunkSource = (network: {
  readonly fetch: typeof fetch
  readonly isOnline: () => boolean
}): ChunkSource => ({
  read: async (id, { isAgain, signal }) => {
    try {
      const response = await network.fetch(`/chunks/${id}`, {
        signal,
        cache: isAgain ? 'reload' : 'no-store',
        credentials: 'omit',
        redirect: 'error',
      })
      return await replyOf(response)
    } catch {
      // No network is an expected outcome; the stream that needs the chunk logs it.
      signal.throwIfAborted()
      return { kind: 'unreachable', isOffline: !network.isOnline() }
    }
  },
})

const replyOf = async (response: Response): Promise<ChunkReply> => {
  if (response.status === 200) return { kind: 'read', bytes: new Uint8Array(await response.arrayBuffer()) }
  await response.body?.cancel()
  return response.status === 404 || response.status === 410
    ? { kind: 'gone' }
    : { kind: 'unreachable', isOffline: false }
}
