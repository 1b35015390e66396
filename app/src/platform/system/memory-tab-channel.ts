import type { OpenTabChannel } from '../../ports/documents/tab-channel.ts'

/** Channels in one process, for tests. Messages are delivered one after the other in later tasks, as a browser does. `drop`: whether a message is lost. */
export const createMemoryTabChannels = (drop: (name: string, message: unknown) => boolean = () => false) => {
  const places = new Map<string, Set<Set<(data: unknown) => void>>>()
  const open: OpenTabChannel = (name) => {
    const listeners = new Set<(data: unknown) => void>()
    const others = places.get(name) ?? new Set()
    places.set(name, others.add(listeners))
    return {
      post: (message) => {
        if (drop(name, message)) return
        const data = structuredClone(message)
        for (const other of others)
          if (other !== listeners) queueMicrotask(() => [...other].forEach((listener) => listener(data)))
      },
      onMessage: (listener) => {
        listeners.add(listener)
        return () => void listeners.delete(listener)
      },
      close: () => {
        listeners.clear()
        others.delete(listeners)
      },
    }
  }
  return open
}
