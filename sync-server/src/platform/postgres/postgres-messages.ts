import { Client, type Pool, type PoolClient } from 'pg'
import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { parseDeviceId } from '@tonestead/crdt/ids'
import { parseCollectionId } from '@tonestead/protocol/sync/sync-ids'
import type { LogHead, RelayMessage } from '../../ports/log-store.ts'

// Messages between the processes of a relay, by NOTIFY. A payload has less than 8,000 bytes, so larger messages go in pieces.
// A piece: origin ‖ kind ‖ collection [‖ device ‖ message number ‖ index ‖ count ‖ base64], with spaces between.

const channel = 'tonestead_relay'
const pieceLength = 7000
const reconnectMs = 500
/** Messages whose other pieces have not come yet. PostgreSQL delivers those of one transaction together. */
const mostPartial = 100

export type PostgresMessages = {
  readonly notifyChanged: (client: PoolClient, heads: readonly LogHead[]) => Promise<void>
  readonly publish: (message: RelayMessage) => Promise<void>
  readonly listen: (onMessage: (message: RelayMessage) => void) => Promise<void>
  readonly close: () => Promise<void>
}

export const createPostgresMessages = (deps: {
  readonly url: string
  readonly pool: Pool
  readonly onFault: (fault: unknown) => void
}): PostgresMessages => {
  const origin = randomUUID()
  const stopping = new AbortController()
  let nextMessage = 1
  let listening: Promise<void> = Promise.resolve()
  const notify = async (client: Pool | PoolClient, payloads: readonly string[]): Promise<void> => {
    if (payloads.length > 0)
      await client.query('SELECT pg_notify($1, payload) FROM unnest($2::text[]) AS n(payload)', [channel, payloads])
  }
  return {
    notifyChanged: (client, heads) =>
      notify(
        client,
        heads.map(({ collection }) => `${origin} changed ${collection}`),
      ),
    publish: (message) => notify(deps.pool, piecesOf(message, origin, nextMessage++)),
    listen: (onMessage) =>
      new Promise((resolve) => {
        listening = keepListening({ ...deps, origin, signal: stopping.signal, onMessage, onListening: resolve })
      }),
    close: async () => {
      stopping.abort()
      await listening
    },
  }
}

const piecesOf = (message: RelayMessage, origin: string, number: number): readonly string[] => {
  if (message.kind === 'missed') return [`${origin} missed`]
  if (message.kind === 'changed') return [`${origin} changed ${message.collection}`]
  const text = Buffer.from(message.bytes).toString('base64')
  const count = Math.max(1, Math.ceil(text.length / pieceLength))
  return Array.from(
    { length: count },
    (_, index) =>
      `${origin} ephemeral ${message.collection} ${message.from} ${number} ${index} ${count} ${text.slice(index * pieceLength, (index + 1) * pieceLength)}`,
  )
}

type Listening = {
  readonly url: string
  readonly origin: string
  readonly signal: AbortSignal
  readonly onMessage: (message: RelayMessage) => void
  readonly onListening: () => void
  readonly onFault: (fault: unknown) => void
}

/** Listens on a connection of its own, and on a new one when that is lost; what came between is `missed`. */
const keepListening = async (options: Listening): Promise<void> => {
  let isFirst = true
  while (!options.signal.aborted) {
    await listenOnce(options, isFirst).catch(options.onFault)
    isFirst = false
    await wait(reconnectMs, undefined, { signal: options.signal }).catch(() => undefined)
  }
}

const listenOnce = async (
  { url, origin, signal, onMessage, onListening }: Listening,
  isFirst: boolean,
): Promise<void> => {
  const client = new Client({ connectionString: url, keepAlive: true })
  const ended = new Promise<void>((resolve, reject) => {
    client.on('error', reject)
    client.on('end', resolve)
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
  const read = createPieceReader(origin)
  client.on('notification', ({ payload }) => {
    const message = read(payload ?? '')
    if (message !== undefined) onMessage(message)
  })
  try {
    await client.connect()
    await client.query(`LISTEN ${channel}`)
    onListening()
    if (!isFirst) onMessage({ kind: 'missed' })
    await ended
  } finally {
    ended.catch(() => undefined)
    await client.end()
  }
}

/** Puts pieces together. Own messages, and what is no message, give undefined. */
const createPieceReader = (origin: string) => {
  const partial = new Map<string, string[]>()
  return (payload: string): RelayMessage | undefined => {
    const [from, kind, collection = '', device = '', number, index, count, text = ''] = payload.split(' ')
    if (from === origin) return undefined
    if (kind === 'missed') return { kind }
    if (kind === 'changed') return { kind, collection: parseCollectionId(collection) }
    if (kind !== 'ephemeral') return undefined
    const key = `${from} ${number}`
    const pieces = partial.get(key) ?? []
    pieces[Number(index)] = text
    partial.set(key, pieces)
    const oldest = partial.keys().next()
    if (partial.size > mostPartial && oldest.done === false) partial.delete(oldest.value)
    if (Object.keys(pieces).length < Number(count)) return undefined
    partial.delete(key)
    const bytes = new Uint8Array(Buffer.from(pieces.join(''), 'base64'))
    return { kind, collection: parseCollectionId(collection), from: parseDeviceId(device), bytes }
  }
}
