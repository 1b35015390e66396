import { toHex, type Bytes } from '@tonestead/protocol/bytes'
import { hashOfBody } from '@tonestead/protocol/sync/sync-hash'
import type { CollectionId } from '@tonestead/protocol/sync/sync-ids'
import { dropLink, type LinkState } from '../links/link-state.ts'
import type { ReplicaContext } from '../replica-context.ts'
import type { Download } from './snapshot-state.ts'

type Part = { readonly link: LinkState; readonly hash: string; readonly bytes: Bytes | undefined }

/** A part that was asked for, or that the relay does not have. Gives the collections to be looked at. */
export const takePart = async (
  context: ReplicaContext,
  { link, hash, bytes }: Part,
): Promise<readonly CollectionId[]> => {
  if (!link.partsAsked.delete(hash)) return []
  // Another snapshot may name the same part, so the hash is all that counts.
  if (bytes !== undefined && toHex(await hashOfBody(bytes)) !== hash) {
    dropLink(link)
    return []
  }
  const concerned: CollectionId[] = []
  for (const [id, state] of context.collections)
    for (const download of [...state.snapshots.downloads.values()]) {
      if (!putPart(download, { hash, bytes })) continue
      concerned.push(id)
      if (bytes === undefined) giveUp(context, id, download)
    }
  return concerned
}

const putPart = ({ item, parts }: Download, { hash, bytes }: Omit<Part, 'link'>): boolean => {
  let isNamed = false
  for (const [part, named] of item.header.parts.entries()) {
    if (named.hash !== hash || parts[part] !== undefined) continue
    isNamed = true
    if (bytes?.length === named.bytes) parts[part] = bytes
  }
  return isNamed
}

/** Its author may not have brought it yet: asked for again later. That says nothing about the snapshot. */
const giveUp = (
  { collections, clock, snapshotRules, wakeAfter }: ReplicaContext,
  id: CollectionId,
  { item }: Download,
): void => {
  const snapshots = collections.get(id)?.snapshots
  snapshots?.downloads.delete(item.id)
  snapshots?.unavailable.set(item.id, clock.elapsedMs() + snapshotRules.retryMs)
  wakeAfter(snapshotRules.retryMs, () => undefined)
}
