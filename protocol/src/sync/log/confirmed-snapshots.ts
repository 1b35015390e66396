import type { ConfirmationHeader } from '../confirmation.ts'
import type { MembershipState } from '../log-state.ts'
import type { SnapshotHeader } from '../snapshot.ts'
import type { DocumentId, ItemId } from '../sync-ids.ts'

// Which snapshots others have confirmed, and what of the log need not be kept because of them. The same for relay and replica.

/** A snapshot in the log. */
export type LoggedSnapshot = { readonly id: ItemId; readonly header: SnapshotHeader }

/**
 * [LS4] Have others checked the snapshot? Personal: every other device that stands now, and at least one. Shared: a device of another account. `confirmations`:
 * all of the log.
 */
export const isConfirmed = (
  state: MembershipState,
  { id, header }: LoggedSnapshot,
  confirmations: readonly ConfirmationHeader[],
): boolean => {
  const found = confirmations.filter(({ snapshot }) => snapshot === id)
  if (state.kind === 'shared') return found.some(({ account }) => account !== header.account)
  const others = [...(state.members.get(header.account)?.devices.keys() ?? [])].filter((id) => id !== header.device)
  return others.length > 0 && others.every((other) => found.some(({ device }) => device === other))
}

/** Bodies that may go: of the envelopes of a document up to a place, but not of these. */
export type DroppableBodies = {
  readonly document: DocumentId
  readonly upTo: number
  readonly keeps: ReadonlySet<ItemId>
}

/**
 * [LS5] The bodies under one confirmed snapshot of a personal collection, or under two of a shared one, are not needed any more: the snapshots hold them. Bodies
 * of void envelopes stay, so that everybody can see that they are void. `snapshots`: in the order of the log, those of which every part is stored.
 */
export const findDroppableBodies = (
  state: MembershipState,
  snapshots: readonly LoggedSnapshot[],
  confirmations: readonly ConfirmationHeader[],
): readonly DroppableBodies[] => {
  const confirmed = snapshots.filter((snapshot) => isConfirmed(state, snapshot, confirmations))
  const needed = state.kind === 'personal' ? 1 : 2
  const documents = [...new Set(confirmed.map(({ header }) => header.document))]
  return documents.flatMap((document) => {
    const all = confirmed.filter(({ header }) => header.document === document)
    const newest = all.toSorted((a, b) => a.header.place.seq - b.header.place.seq).slice(-needed)
    if (newest.length < needed) return []
    const upTo = Math.min(...newest.map(({ header }) => header.place.seq))
    return [{ document, upTo, keeps: new Set(newest.flatMap(({ header }) => header.voids)) }]
  })
}
