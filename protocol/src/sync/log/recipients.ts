import type { AgreementJwk } from '../../device-log.ts'
import { keyIdOf } from '../keys/agreement-key.ts'
import type { MembershipState } from '../log-state.ts'

/** A key that epoch keys are sealed to. `id`: `keyIdOf` of the key. */
export type Recipient = { readonly id: string; readonly key: AgreementJwk }

/**
 * [LK2] For whom an epoch that begins on this state must be sealed, sorted by id, each id once. Personal: the devices and the recovery key. Shared: the
 * agreement keys of the members and the keys of open invitations.
 */
export const recipientsOf = (state: MembershipState): readonly Recipient[] => {
  const keys = new Map([...keysOf(state)].map((key) => [keyIdOf(key), key]))
  return [...keys].map(([id, key]) => ({ id, key })).sort((a, b) => (a.id < b.id ? -1 : 1))
}

// Two members may show the same key: whoever copies another's key harms only himself, and must not make epochs impossible. So ids are not doubled.
const keysOf = function* (state: MembershipState): Generator<AgreementJwk> {
  for (const { devices, agreementKey } of state.members.values())
    if (state.kind === 'shared') yield agreementKey
    else for (const { sealingKey } of devices.values()) yield sealingKey
  for (const { key } of state.invitations.values()) yield key
  if (state.recoveryKey !== undefined) yield state.recoveryKey
}
