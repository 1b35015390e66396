import type { ConfirmationHeader } from '../confirmation.ts'
import type { EnvelopeHeader } from '../envelope.ts'
import type { LogItem } from '../log-item.ts'
import type { MembershipHeader } from '../membership.ts'
import type { SnapshotHeader } from '../snapshot.ts'
import type { ItemId } from '../sync-ids.ts'
import type { AccountState } from './account-log.ts'

// Items whose signatures and proofs are verified. The checks and the fold take only these.

/** A verified membership item. Only `verifyMembership` makes it, and it holds only where `header.base` is the newest membership item. */
export type VerifiedMembership = {
  readonly kind: 'membership'
  readonly id: ItemId
  readonly header: MembershipHeader
  /** Ids of the recipients of the boxes, in their order. */
  readonly boxRecipients: readonly string[]
  /**
   * The account that the operation proves (`created`, `redeemed`, `account-advanced`): after all items of the proof. `since` of its devices counts items of
   * the account's log; 0 is a device that the collection knows and that has stood since.
   */
  readonly account: AccountState | undefined
}

/** An envelope whose signature is verified. */
export type VerifiedEnvelope = { readonly kind: 'envelope'; readonly id: ItemId; readonly header: EnvelopeHeader }

/** A snapshot whose signature is verified. */
export type VerifiedSnapshot = { readonly kind: 'snapshot'; readonly id: ItemId; readonly header: SnapshotHeader }

/** A confirmation whose signature is verified. */
export type VerifiedConfirmation = {
  readonly kind: 'confirmation'
  readonly id: ItemId
  readonly header: ConfirmationHeader
}

/** A verified item of any kind. */
export type VerifiedItem = VerifiedEnvelope | VerifiedMembership | VerifiedSnapshot | VerifiedConfirmation

/** An item whose signature has been verified before, or is vouched for by a later one. */
export const asVerified = (item: Exclude<LogItem, { kind: 'membership' }>): VerifiedItem => {
  switch (item.kind) {
    case 'envelope':
      return { kind: 'envelope', id: item.id, header: item.header }
    case 'snapshot':
      return { kind: 'snapshot', id: item.id, header: item.header }
    case 'confirmation':
      return { kind: 'confirmation', id: item.id, header: item.header }
  }
}
