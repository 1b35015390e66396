/** Caches the bytes that were used last, up to a total size. Concurrent callers for one key share one read. */
export const createBufferCache = (maxBytes: number, read: (key: string) => Promise<Uint8Array | undefined>) => {
  const cached = new Map<string, Uint8Array>()
  const reading = new Map<string, Promise<Uint8Array | undefined>>()
  let size = 0

  const store = (key: string, bytes: Uint8Array): void => {
    if (bytes.length > maxBytes / 8) return
    cached.set(key, bytes)
    size += bytes.length
    for (const [oldest, dropped] of cached) {
      if (size <= maxBytes) return
      cached.delete(oldest)
      size -= dropped.length
    }
  }
  const readThrough = async (key: string): Promise<Uint8Array | undefined> => {
    try {
      const bytes = await read(key)
      if (bytes !== undefined) store(key, bytes)
      return bytes
    } finally {
      reading.delete(key)
    }
  }
  return {
    /** The cached bytes, without reading; undefined when they are not cached. */
    peek: (key: string): Uint8Array | undefined => {
      const bytes = cached.get(key)
      if (bytes === undefined) return undefined
      cached.delete(key)
      cached.set(key, bytes)
      return bytes
    },
    get: (key: string): Promise<Uint8Array | undefined> => {
      const running = reading.get(key) ?? readThrough(key)
      reading.set(key, running)
      return running
    },
  }
}
export type BufferCache = ReturnType<typeof createBufferCache>
