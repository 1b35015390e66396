import { parseDeviceId } from '@tonestead/crdt/ids'
import type { Clock } from '../../ports/clock.ts'
import type { DeviceStore } from '../../ports/device-store.ts'
import type { HttpClient } from '../../ports/http-client.ts'
import type { Log } from '../../ports/log.ts'
import type { Random } from '../../ports/random.ts'
import type { ValueStore } from '../../ports/value-store.ts'
import type { DocumentService } from '../documents/documents.ts'
import type { AccountService } from './account.ts'
import { accountAnswerSchema, accountPartName, type AccountQuestion } from './account-questions.ts'
import type { AccountMembership } from './membership.ts'
import { findNewDevice } from './pairing/add-device.ts'
import { collectKept, storeKept } from './pairing/carry-over.ts'
import { offerDevice } from './pairing/offer-device.ts'
import { createPairingMailbox } from './pairing/pairing-mailbox.ts'

export type MembershipDeps = {
  readonly http: HttpClient
  readonly documents: DocumentService
  readonly account: Pick<AccountService, 'removeDevice'>
  readonly devices: Pick<DeviceStore, 'replace'>
  readonly values: ValueStore
  readonly subtle: SubtleCrypto
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  /** Of this device. */
  readonly name: string
  /** The profile has another identity now: all its tabs are loaded again. */
  readonly onReplaced: () => void
}

/** The identity is stored first and for ever; without it nothing else may change. */
const collectLimitMs = 30_000
const sessionValue = 'session'

export const createMembership = (deps: MembershipDeps): AccountMembership => {
  const { values, documents, random, devices, onReplaced } = deps
  const mailbox = createPairingMailbox(deps.http)
  const parts = { ...deps, mailbox }
  return {
    offer: (signal) => offerDevice(parts, signal),
    find: (typed, signal) => findNewDevice(parts, typed, signal),
    takeOver: async ({ identity }) => {
      const kept = await collectKept({ documents, random }, AbortSignal.timeout(collectLimitMs))
      await storeKept(values, kept)
      await devices.replace(identity)
      await values.put(sessionValue, undefined)
      onReplaced()
    },
    removeDevice: async (id) => {
      const isConfirmed = await removeFromLog(deps, id)
      const answer = await deps.account.removeDevice(id)
      return answer.kind === 'ready' && !isConfirmed ? { kind: 'ready', value: 'unconfirmed' } : answer
    },
  }
}

/** False when the relay has not confirmed it. An account without a log has its devices at the server alone. */
const removeFromLog = async ({ documents, log }: MembershipDeps, id: string): Promise<boolean> => {
  const question: AccountQuestion = { kind: 'remove-device', device: parseDeviceId(id) }
  const asked = await documents
    .ask(accountPartName, question, AbortSignal.timeout(collectLimitMs + 5000))
    .catch(log.failed('the device was not removed from the log of the account'))
  if (asked?.kind !== 'answered') return asked?.kind === 'unavailable'
  return accountAnswerSchema.parse(asked.value).kind !== 'unconfirmed'
}
