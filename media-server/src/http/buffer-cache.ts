/** Keeps the bytes read last, up to a size; several callers for one key share one reading. */
export const createBufferCache = (maxBytes: number, read: (key: string) => Promise<Uint8Array | undefined>) => {
  const kept = new Map<string, Uint8Array>()
  const reading = new Map<string, Promise<Uint8Array | undefined>>()
  let size = 0

  const keep = (key: string, bytes: Uint8Array): void => {
    if (bytes.length > maxBytes / 8) return
    kept.set(key, bytes)
    size += bytes.length
    for (const [oldest, dropped] of kept) {
      if (size <= maxBytes) return
      kept.delete(oldest)
      size -= dropped.length
    }
  }
  const readThrough = async (key: string): Promise<Uint8Array | undefined> => {
    try {
      const bytes = await read(key)
      if (bytes !== undefined) keep(key, bytes)
      return bytes
    } finally {
      reading.delete(key)
    }
  }
  return {
    /** At once when it is kept. */
    peek: (key: string): Uint8Array | undefined => {
      const bytes = kept.get(key)
      if (bytes === undefined) return undefined
      kept.delete(key)
      kept.set(key, bytes)
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
