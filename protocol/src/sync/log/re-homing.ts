import type { MembershipState } from '../log-state.ts'
import type { VerifiedMembership } from './verified-item.ts'

/** The place up to which a re-homing keeps the log; undefined for other operations. */
export const keptPlaceOf = ({ header: { operation } }: VerifiedMembership): number | undefined =>
  operation.kind === 're-homed' ? operation.keeps.seq : undefined

/**
 * [LH4] Which of two re-homings of one generation counts. `state`: the membership at the smaller of the places that they keep, up to which both logs are the
 * same. It is that of the owner longest in office there; of one owner, the one that keeps more; then that with the smaller id.
 */
export const preferRehoming = (
  state: MembershipState,
  a: VerifiedMembership,
  b: VerifiedMembership,
): VerifiedMembership => {
  const office = officeOf(state, a) - officeOf(state, b)
  if (office !== 0 && !Number.isNaN(office)) return office < 0 ? a : b
  const kept = (keptPlaceOf(b) ?? 0) - (keptPlaceOf(a) ?? 0)
  if (kept !== 0) return kept < 0 ? a : b
  return a.id < b.id ? a : b
}

/** Who is no owner at that place comes last. */
const officeOf = (state: MembershipState, { header }: VerifiedMembership): number =>
  state.members.get(header.account)?.ownerSince ?? Infinity
