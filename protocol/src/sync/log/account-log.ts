import type { AccountId, DeviceId } from '@tonestead/crdt/ids'
import type { AgreementJwk, SigningJwk } from '../../device-log.ts'
import { keyIdOf } from '../keys/agreement-key.ts'
import type { Member, NeverReason, StandingDevice } from '../log-state.ts'
import type { MembershipHeader, MembershipOperation } from '../membership.ts'
import { maxMembers } from '../sync-limits.ts'
import type { ItemId } from '../sync-ids.ts'
import { readRootKey } from './root-key.ts'

// The devices and keys of one account, as a fold over the membership items of its personal collection. Also other collections follow it, from account proofs.

/** An account after some of its membership items. `since` of a device: the number of the item that added it, in the counting of the caller. */
export type AccountState = {
  readonly account: AccountId
  readonly rootKey: SigningJwk
  readonly devices: ReadonlyMap<DeviceId, StandingDevice>
  readonly agreementKey: AgreementJwk
  /** Number of membership items, and the newest of them. */
  readonly items: number
  readonly base: ItemId
  /** How many times the personal collection has been re-homed. */
  readonly generation: number
}

/** A membership item of a personal collection, as far as this fold needs it. */
export type AccountItem = { readonly id: ItemId; readonly header: MembershipHeader }

/** What a collection knows of a member's account. */
export const accountOfMember = (member: Member): AccountState => ({
  account: member.account,
  rootKey: member.rootKey,
  devices: member.devices,
  agreementKey: member.agreementKey,
  items: member.accountItems,
  base: member.accountBase,
  generation: member.accountGeneration,
})

/** The fields of a member that follow from its account. */
export const memberFieldsOf = (state: AccountState): Omit<Member, 'role' | 'since' | 'ownerSince'> => ({
  account: state.account,
  rootKey: state.rootKey,
  devices: state.devices,
  agreementKey: state.agreementKey,
  accountItems: state.items,
  accountBase: state.base,
  accountGeneration: state.generation,
})

/** [LM3] [LM4] Why the item cannot follow in the account's log; undefined when it can. Its signature is verified apart; boxes and recipients too. */
export const findAccountFault = (state: AccountState, header: MembershipHeader): NeverReason | undefined => {
  const { operation, device, account } = header
  if (account !== state.account) return 'no-right'
  if (!isRootSigned(operation) && !state.devices.has(device)) return 'no-right'
  switch (operation.kind) {
    case 'device-added':
      return findAddedFault(state, operation.device.device)
    case 'device-removed':
      return findRemovedFault(state, operation, device)
    case 'account-restored':
      return findRestoredFault(state, operation, device)
    case 'epoch':
      return operation.expired.length === 0 ? undefined : 'invitation-closed'
    case 're-homed':
      return operation.generation === state.generation + 1 ? undefined : 'operation-wrong'
    default:
      return 'operation-wrong'
  }
}

/** Does the root key sign this operation, and not a device? */
export const isRootSigned = ({ kind }: MembershipOperation): boolean =>
  kind === 'account-restored' || kind === 're-homed'

type Removed = Extract<MembershipOperation, { kind: 'device-removed' }>
type Restored = Extract<MembershipOperation, { kind: 'account-restored' }>

const findAddedFault = (state: AccountState, added: DeviceId): NeverReason | undefined => {
  if (state.devices.has(added)) return 'target-wrong'
  return state.devices.size >= maxMembers ? 'limit' : undefined
}

const findRemovedFault = (state: AccountState, operation: Removed, author: DeviceId): NeverReason | undefined => {
  if (!state.devices.has(operation.device)) return 'target-wrong'
  if (operation.device === author) return 'no-right'
  return isSameKey(operation.agreementKey, state.agreementKey) ? 'account-wrong' : undefined
}

const findRestoredFault = (state: AccountState, operation: Restored, author: DeviceId): NeverReason | undefined => {
  const { device, removes, agreementKey } = operation
  if (device.device !== author) return 'no-right'
  if (state.devices.has(device.device)) return 'target-wrong'
  if (new Set(removes).size !== removes.length || !removes.every((id) => state.devices.has(id))) return 'target-wrong'
  if (state.devices.size - removes.length >= maxMembers) return 'limit'
  return isSameKey(agreementKey, state.agreementKey) ? 'account-wrong' : undefined
}

/** Are these the same public key? */
export const isSameKey = (a: AgreementJwk, b: AgreementJwk): boolean => keyIdOf(a) === keyIdOf(b)

/** The account after an item that `findAccountFault` accepts. `state` is undefined before the first one. New devices stand since `place`. */
export const foldAccount = (state: AccountState | undefined, item: AccountItem, place: number): AccountState => {
  const { operation } = item.header
  if (operation.kind === 'account-created') return openAccount(item, place)
  if (state === undefined) throw new Error('the log of an account begins with account-created')
  const agreementKey = 'agreementKey' in operation ? operation.agreementKey : state.agreementKey
  const generation = operation.kind === 're-homed' ? operation.generation : state.generation
  const devices = foldDevices(state.devices, operation, place)
  return { ...state, devices, agreementKey, generation, items: state.items + 1, base: item.id }
}

const openAccount = ({ id, header }: AccountItem, place: number): AccountState => {
  const { operation, account } = header
  if (operation.kind !== 'account-created') throw new Error('not the first item of an account')
  const { device, agreementKey, deviceLogEntry } = operation
  const devices = new Map([[device.device, { ...device, since: place }]])
  return { account, rootKey: readRootKey(deviceLogEntry), devices, agreementKey, items: 1, base: id, generation: 0 }
}

const foldDevices = (
  devices: AccountState['devices'],
  operation: MembershipOperation,
  place: number,
): AccountState['devices'] => {
  const after = new Map(devices)
  if (operation.kind === 'device-removed') after.delete(operation.device)
  if (operation.kind === 'account-restored') for (const device of operation.removes) after.delete(device)
  if (operation.kind === 'device-added' || operation.kind === 'account-restored')
    after.set(operation.device.device, { ...operation.device, since: place })
  return after
}
