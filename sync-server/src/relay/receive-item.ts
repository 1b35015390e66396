import type { Bytes } from '@tonestead/protocol/bytes'
import { isNewerItem, readItem } from '@tonestead/protocol/sync/codec/item-codec'
import { writeRelayFrame } from '@tonestead/protocol/sync/frame'
import type { Verifier } from '@tonestead/protocol/sync/keys/verifier'
import type { LogItem } from '@tonestead/protocol/sync/log-item'
import type { Verdict } from '@tonestead/protocol/sync/log-state'
import { verifyItem } from '@tonestead/protocol/sync/log/check-item'
import { findAuthor, mayWrite, type Author } from '@tonestead/protocol/sync/log/rights'
import type { VerifiedItem } from '@tonestead/protocol/sync/log/verified-item'
import type { CollectionId } from '@tonestead/protocol/sync/sync-ids'
import type { Clock } from '../ports/clock.ts'
import type { Link } from '../ports/link.ts'
import type { SignedItem } from '../ports/log-rules.ts'
import type { LogHead, LogStore } from '../ports/log-store.ts'
import type { HeadCache } from './head-cache.ts'
import type { Topics } from './topics.ts'

export type ReceiveDeps = {
  readonly subtle: SubtleCrypto
  readonly verifier: Verifier
  readonly clock: Pick<Clock, 'now'>
  readonly heads: HeadCache
  readonly topics: Pick<Topics, 'pass'>
  readonly store: Pick<LogStore, 'placeOf'>
}

/** Why an item is refused before the log is asked. */
type EarlyRefusal = { readonly reason: string; readonly isFinal: boolean }

/** Who delivers: he need not be the author, but must belong to the collection. */
export type Deliverer = { readonly author: Author; readonly isAdmitted: boolean; readonly link: Link }

export type Received =
  | { readonly kind: 'signed'; readonly item: SignedItem }
  /** It has a place since before. */
  | { readonly kind: 'placed'; readonly collection: CollectionId; readonly seq: number }
  | { readonly kind: 'refused'; readonly id: LogItem['id'] | undefined; readonly refusal: EarlyRefusal }

/** Reads an item of a client and verifies what needs no place in the log. Envelopes go to the readers at once, as pending. */
export const receiveItem = async (deps: ReceiveDeps, bytes: Bytes, deliverer: Deliverer): Promise<Received> => {
  const item = await readItem(bytes)
  if (item === undefined)
    return refuse(undefined, isNewerItem(bytes) ? 'version-unknown' : 'malformed', !isNewerItem(bytes))
  if (item.kind === 'envelope' && item.body === undefined) return refuse(item.id, 'body-missing')
  const { collection } = item.header
  // Of a membership item the newest membership decides, of others an older one may do.
  const head = item.kind === 'membership' ? await deps.heads.fresh(collection) : await deps.heads.get(collection)
  const verified = await verifyAgainst(deps, item, head)
  const known = deps.heads.known(collection)
  if (!mayDeliver(known, item, deliverer)) return refuse(item.id, 'not-permitted')
  if ('reason' in verified) return refuseUnverified(deps, item, verified)
  passPending(deps, { verified, head: known }, { bytes, link: deliverer.link })
  return { kind: 'signed', item: { collection, id: item.id, bytes, item: verified, at: deps.clock.now() } }
}

const refuse = (id: LogItem['id'] | undefined, reason: string, isFinal = true): Received => ({
  kind: 'refused',
  id,
  refusal: { reason, isFinal },
})

/** What was true when the item was placed need not be so now: an item that is in the log already is no refusal. */
const refuseUnverified = async ({ store }: ReceiveDeps, { id, header }: LogItem, why: Refusal): Promise<Received> => {
  const seq = await store.placeOf(header.collection, id)
  return seq === undefined
    ? refuse(id, why.reason, why.kind === 'never')
    : { kind: 'placed', collection: header.collection, seq }
}

type Refusal = Exclude<Verdict, { readonly kind: 'ok' }>

/** A head that another process has changed since may not know the author yet: then the newest is asked. */
const verifyAgainst = async (
  deps: ReceiveDeps,
  item: LogItem,
  head: LogHead | undefined,
): Promise<VerifiedItem | Refusal> => {
  const first = await verifyItem(deps, item, { now: head?.state, length: head?.length ?? 0 })
  if (!('reason' in first) || item.kind === 'membership') return first
  const fresh = await deps.heads.fresh(item.header.collection)
  if (fresh === undefined || fresh.state.base === head?.state.base) return first
  return verifyItem(deps, item, { now: fresh.state, length: fresh.length })
}

/** [RC4] Members deliver; whoever redeems or creates is not one yet; only admitted accounts begin a log. */
const mayDeliver = (head: LogHead | undefined, item: LogItem, { author, isAdmitted }: Deliverer): boolean => {
  if (head === undefined) return isAdmitted
  if (findAuthor(head.state, author) !== undefined) return true
  return (
    item.kind === 'membership' &&
    ['redeemed', 'account-advanced', 'account-restored', 're-homed'].includes(item.header.operation.kind)
  )
}

/** [RC8] Shown at once, marked as pending: the log decides later. */
const passPending = (
  { topics }: ReceiveDeps,
  { verified, head }: { readonly verified: VerifiedItem; readonly head: LogHead | undefined },
  { bytes, link }: { readonly bytes: Bytes; readonly link: Link },
): void => {
  if (verified.kind !== 'envelope' || head === undefined) return
  const { header } = verified
  if (!mayWrite(head.state, header, header.seen.seq) || header.seen.seq > head.length) return
  topics.pass(header.collection, 'pending', {
    bytes: writeRelayFrame({ kind: 'pending', collection: header.collection }, [bytes]),
    except: link,
  })
}
