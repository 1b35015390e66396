import { readDeviceLog, type AgreementJwk, type SigningJwk } from '@tonestead/protocol/device-log'
import { personalCollectionId } from '@tonestead/protocol/sync/derived-ids'
import { recoveryPair } from '@tonestead/protocol/sync/keys/recovery-key'
import type { CollectionId } from '@tonestead/protocol/sync/sync-ids'
import type { DeviceIdentity } from '../../../ports/device-store.ts'
import type { Replica } from '../../replica/replica.ts'

type Beginning = {
  readonly subtle: SubtleCrypto
  readonly replica: Pick<Replica, 'collections' | 'createPersonal' | 'follow'>
  readonly identity: DeviceIdentity
  /** The key of the relay that becomes the home, and its address (ws: or wss:). Undefined: it is not known. */
  readonly relay: SigningJwk | undefined
  readonly address: string
}

/**
 * [DO11] The collection of the account. Its first device begins it, also with no network once the relay is known; another device follows it. Undefined: it was never
 * begun here, and cannot be now.
 */
export const beginPersonal = async (deps: Beginning): Promise<CollectionId | undefined> => {
  const { subtle, replica, identity, relay, address } = deps
  const personal = personalCollectionId(identity.accountId)
  if (replica.collections().includes(personal)) return personal
  const [deviceLogEntry] = identity.deviceLog
  const [first] = (await readDeviceLog(subtle, identity.deviceLog.slice(0, 1))) ?? []
  const { rootEntropy } = identity
  if (first?.device !== identity.deviceId || deviceLogEntry === undefined || rootEntropy === undefined) {
    await replica.follow(personal)
    return personal
  }
  if (relay === undefined) return undefined
  const recoveryKey: AgreementJwk = (await recoveryPair({ subtle }, rootEntropy)).publicKey
  return replica.createPersonal({ deviceLogEntry, recoveryKey, home: { key: relay, addresses: [address] } })
}
