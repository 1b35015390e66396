import type { MembershipState } from '../log-state.ts'
import type { MembershipHeader } from '../membership.ts'
import type { ItemId } from '../sync-ids.ts'
import type { AccountState } from './account-log.ts'
import { boxRecipientsOf } from './check-boxes.ts'
import { foldMembership } from './fold-membership.ts'
import { recipientsOf, type Recipient } from './recipients.ts'
import type { VerifiedMembership } from './verified-item.ts'

/** A membership item that is being made: `epoch.recipients` and the boxes are not known yet. `account`: as in `VerifiedMembership`. */
export type MembershipDraft = {
  readonly header: Omit<MembershipHeader, 'boxesHash'>
  readonly account: AccountState | undefined
}

/** For whom the author of a new item seals keys. */
export type DraftRecipients = {
  /** `epoch.recipients`, with their keys. Only for operations that begin an epoch. */
  readonly epoch: readonly Recipient[]
  /** The recipients of the boxes, in order. For an operation that begins an epoch, once its `epoch.recipients` are filled in. */
  readonly boxes: readonly string[]
}

/** [LK2] [LK6] What `checkMembership` will ask of an item that is made on `state`. Pure. The operation must be one that is allowed on this state. */
export const recipientsOfDraft = (state: MembershipState | undefined, draft: MembershipDraft): DraftRecipients => {
  const verified: VerifiedMembership = {
    kind: 'membership',
    // The id depends on the recipients; they do not depend on it.
    id: draft.header.collection as string as ItemId,
    header: { ...draft.header, boxesHash: '' },
    boxRecipients: [],
    account: draft.account,
  }
  const after = foldMembership(state, verified, Number.MAX_SAFE_INTEGER)
  return { epoch: recipientsOf(after), boxes: boxRecipientsOf(after, verified) }
}
