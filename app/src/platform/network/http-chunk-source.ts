import type { ChunkReply, ChunkSource } from '../../ports/chunk-source.ts'

/** Chunks from the server or an edge before it. They are kept in Cache Storage, so the browser's own cache shall not keep them a second time. */
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
