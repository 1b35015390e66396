import type { AccountId } from '@tonestead/crdt/ids'
import { fromBase64Url } from '../../bytes.ts'
import { deviceLogEntrySchema, readDeviceLog, type AgreementJwk, type KnownDevice } from '../../device-log.ts'
import { readProofItem } from '../codec/item-codec.ts'
import type { AccountState } from './account-log.ts'
import { verifyAccountProof, type VerifyDeps } from './verify-account.ts'

/** What a device log says: the devices that stand after its last entry. */
export type AccountLog = {
  readonly account: AccountId
  readonly devices: readonly KnownDevice[]
  /** How many times the personal collection has moved to another relay: only then may a log lack entries of an earlier one. */
  readonly generation: number
}

/**
 * Verifies a device log in either form of docs/formats.md, 7: one JWS, or the membership items of the personal collection from its first one on. Undefined when
 * any entry is invalid.
 */
export const readAccountLog = async (deps: VerifyDeps, log: readonly string[]): Promise<AccountLog | undefined> => {
  const [first] = log
  if (first === undefined) return undefined
  if (isSingleEntry(log)) return readSingleEntry(deps, log)
  const account = accountOf(first)
  const state = account && (await verifyAccountProof(deps, { account, items: log }, undefined))
  return state && { account: state.account, devices: knownDevices(state, first), generation: state.generation }
}

/** Is this a device log of one compact JWS? That has two dots, and base64url of an item none. */
export const isSingleEntry = ([first]: readonly string[]): boolean => first?.includes('.') === true

const readSingleEntry = async ({ subtle }: VerifyDeps, log: readonly string[]): Promise<AccountLog | undefined> => {
  const devices = await readDeviceLog(subtle, log)
  const account = devices?.[0]?.account
  return devices && account && { account, devices, generation: 0 }
}

const accountOf = (item: string): AccountId | undefined => headerOf(item)?.account

const headerOf = (item: string) => {
  try {
    return readProofItem(fromBase64Url(item))?.header
  } catch (error) {
    // No base64url: `fromBase64Url` throws a TypeError, `atob` a DOMException.
    if (error instanceof TypeError || error instanceof DOMException) return undefined
    throw error
  }
}

/** Licenses are encrypted to the sealing key of a device; to the agreement key of its own entry for the first one, which had no sealing key when it was made. */
const knownDevices = ({ account, devices }: AccountState, first: string): KnownDevice[] =>
  [...devices.values()].map(({ device, signingKey, sealingKey, name }) => ({
    account,
    device,
    signingKey,
    agreementKey: firstAgreementKey(first, signingKey.x) ?? sealingKey,
    name,
  }))

const firstAgreementKey = (first: string, signingKey: string): AgreementJwk | undefined => {
  const operation = headerOf(first)?.operation
  if (operation?.kind !== 'account-created') return undefined
  const payload = new TextDecoder().decode(fromBase64Url(operation.deviceLogEntry.split('.')[1] ?? ''))
  const { device } = deviceLogEntrySchema.parse(JSON.parse(payload))
  return device.signingKey.x === signingKey ? device.agreementKey : undefined
}
