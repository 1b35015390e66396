import { parseServerId, type ServerId } from '@tonestead/crdt/ids'
import type { Readable } from '../readable.ts'

/** The id of the server, as documents name it; undefined while no server is known, or its id has another form. */
export const createServerIdView = (
  server: Readable<{ readonly id: string } | undefined>,
): Readable<ServerId | undefined> => ({
  get: () => {
    const id = server.get()?.id ?? ''
    return /^[A-Za-z0-9_-]{22}$/.test(id) ? parseServerId(id) : undefined
  },
  subscribe: server.subscribe,
})
