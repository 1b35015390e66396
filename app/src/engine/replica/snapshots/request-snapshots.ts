import { maxItemsPerFrame } from '@tonestead/protocol/sync/sync-limits'
import type { Snapshot } from '@tonestead/protocol/sync/snapshot'
import type { DocumentId } from '@tonestead/protocol/sync/sync-ids'
import type { CollectionState } from '../collection/collection-state.ts'
import { isHome, mayRead } from '../links/deliver.ts'
import type { LinkState } from '../links/link-state.ts'
import { sendToLink } from '../links/send.ts'
import type { ReplicaContext } from '../replica-context.ts'
import { firstMissing, snapshotsOf } from './find-snapshots.ts'
import { isTimeFor } from './plan.ts'

/** Parts that are asked for and not answered yet, on one link. */
const mostPartsAsked = 4

/**
 * [SN2] Asks for what is missing: at once for the newest snapshot that holds missing bodies, and for the bodies themselves where no snapshot can be had; after a
 * delay for a new snapshot that is to be checked.
 */
export const requestSnapshots = (
  context: ReplicaContext,
  links: readonly LinkState[],
  state: CollectionState,
): void => {
  for (const document of state.log.documents()) {
    const missing = firstMissing(state, document)
    const wanted =
      missing === undefined ? toBeChecked(context, state, document) : usable(context, state, { document, missing })
    if (wanted !== undefined) startDownload(state, wanted)
    else if (missing !== undefined) askForBodies(context, links, { state, missing })
  }
  for (const link of links) if (link.isOpen && !link.isClosed && isHome(state, link)) askForParts(context, link, state)
}

const isAvailable = ({ clock }: ReplicaContext, { snapshots }: CollectionState, { id }: Snapshot): boolean =>
  (snapshots.unavailable.get(id) ?? -Infinity) <= clock.elapsedMs()

/** The newest snapshot that holds a missing body. */
const usable = (
  context: ReplicaContext,
  state: CollectionState,
  { document, missing }: { readonly document: DocumentId; readonly missing: number },
): Snapshot | undefined =>
  snapshotsOf(state, document).find(
    (item) =>
      item.header.place.seq >= missing &&
      isAvailable(context, state, item) &&
      !state.snapshots.opened.has(item.id) &&
      state.epochs.has(item.header.epoch) &&
      !isOmitted(state, item, missing),
  )

const isOmitted = ({ log }: CollectionState, { header }: Snapshot, seq: number): boolean => {
  const id = log.at(seq)?.item.id
  return id !== undefined && header.voids.includes(id)
}

const isKnown = ({ snapshots: { checked, downloads, opened } }: CollectionState, { id }: Snapshot): boolean =>
  [checked, downloads, opened].some((list) => list.has(id))

/** [SN7] The newest snapshot, if it is newer than the one in the journal. */
const toBeChecked = (context: ReplicaContext, state: CollectionState, document: DocumentId): Snapshot | undefined => {
  const [newest] = snapshotsOf(state, document)
  if (newest === undefined || isKnown(state, newest) || !isAvailable(context, state, newest)) return undefined
  const { place } = newest.header
  if (place.seq < (state.snapshots.kept.get(document)?.header.place.seq ?? 0) || state.judged < place.seq)
    return undefined
  if (!state.documents.has(document) || state.unreadDocuments.has(document)) return undefined
  const delayMs = (): number => context.random.below(context.snapshotRules.delayMs + 1)
  return isTimeFor(context, state, { what: `check/${newest.id}`, delayMs }) ? newest : undefined
}

const startDownload = ({ snapshots }: CollectionState, item: Snapshot): void => {
  if (snapshots.downloads.has(item.id)) return
  snapshots.downloads.set(item.id, { item, parts: item.header.parts.map(() => undefined) })
}

const askForParts = (context: ReplicaContext, link: LinkState, state: CollectionState): void => {
  for (const { item, parts } of state.snapshots.downloads.values())
    for (const [part, { hash }] of item.header.parts.entries()) {
      if (link.partsAsked.size >= mostPartsAsked) return
      if (parts[part] !== undefined || link.partsAsked.has(hash)) continue
      link.partsAsked.add(hash)
      sendToLink(context, link, { kind: 'get-part', collection: state.id, hash })
    }
}

/** Whoever has the changes makes the bodies again. Each link is asked once for a place. */
const askForBodies = (
  context: ReplicaContext,
  links: readonly LinkState[],
  { state, missing }: { readonly state: CollectionState; readonly missing: number },
): void => {
  for (const link of links) {
    if (!link.isOpen || link.isClosed || !(isHome(state, link) || mayRead(state, link))) continue
    if ((link.bodiesAsked.get(state.id) ?? 0) >= missing) continue
    link.bodiesAsked.set(state.id, missing)
    sendToLink(context, link, { kind: 'read', collection: state.id, after: missing - 1, limit: maxItemsPerFrame })
  }
}
