import { createHash } from 'node:crypto'
import type { Bytes } from '@tonestead/protocol/bytes'
import { writeRelayFrame } from '@tonestead/protocol/sync/frame'
import { findAuthor } from '@tonestead/protocol/sync/log/rights'
import type { CollectionId } from '@tonestead/protocol/sync/sync-ids'
import { findReadAccess } from './read-access.ts'
import type { RelayParts } from './relay-deps.ts'
import type { Client } from './client.ts'

type Part = { readonly collection: CollectionId; readonly hash: string }

/** [RC12] Parts of snapshots: a member brings those that a snapshot in the log names; who may read the log may read them. */
export const createPartFrames = (parts: RelayParts, client: Client) => ({
  put: async ({ request, collection, hash }: Part & { readonly request: number }, bytes: Bytes): Promise<void> => {
    const refuse = (reason: string, retryAfterMs?: number): void =>
      client.link.send(
        writeRelayFrame({
          kind: 'refused',
          request,
          reason,
          isFinal: retryAfterMs === undefined,
          ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
        }),
      )
    const head = await parts.heads.get(collection)
    if (head === undefined || findAuthor(head.state, client.author) === undefined) return void refuse('not-permitted')
    if (createHash('sha256').update(bytes).digest('hex') !== hash) return void refuse('malformed')
    const { retryAfterMs } = await parts.rates.bytes({ ...client, peer: client.link.peer }, bytes.length)
    if (retryAfterMs !== undefined) return void refuse('rate-limited', retryAfterMs)
    if ((await parts.store.putPart(collection, hash, bytes)) === 'unknown') return void refuse('part-unknown')
    client.link.send(writeRelayFrame({ kind: 'part-stored', request, hash }))
  },
  get: async ({ collection, hash }: Part): Promise<void> => {
    const { retryAfterMs } = await parts.rates.read({ ...client, peer: client.link.peer })
    const head = retryAfterMs === undefined ? await parts.heads.get(collection) : undefined
    const access =
      head === undefined
        ? ({ kind: 'none' } as const)
        : await findReadAccess(parts, head, { author: client.author, shown: undefined })
    const isAllowed = access.kind === 'member' || access.kind === 'departed'
    const bytes = isAllowed ? await parts.store.getPart(collection, hash) : undefined
    client.link.send(writeRelayFrame({ kind: 'part', hash }, bytes === undefined ? [] : [bytes]))
  },
})
