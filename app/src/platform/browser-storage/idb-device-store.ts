import { parseAccountId, parseDeviceId } from '@tonestead/crdt/ids'
import type { Bytes } from '@tonestead/protocol/bytes'
import { agreementJwkSchema, deviceLogSchema, signingJwkSchema } from '@tonestead/protocol/device-log'
import { z } from 'zod'
import type { DeviceStore } from '../../ports/device-store.ts'
import type { Database } from './open-database.ts'

const privateKey = z.custom<CryptoKey>(
  (value) =>
    typeof value === 'object' &&
    value !== null &&
    'usages' in value &&
    'extractable' in value &&
    value.extractable === false,
)
const identitySchema = z.object({
  accountId: z.string().transform(parseAccountId),
  deviceId: z.string().transform(parseDeviceId),
  signing: z.object({ privateKey, publicKey: signingJwkSchema }),
  agreement: z.object({ privateKey, publicKey: agreementJwkSchema }),
  sealing: z.object({ privateKey, publicKey: agreementJwkSchema }).optional(),
  deviceLog: deviceLogSchema,
  rootEntropy: z.custom<Bytes>((value) => value instanceof Uint8Array && value.length === 16).optional(),
  journal: z.string().optional(),
})

/** The identity in IndexedDB. A record that does not parse is an error: to replace it would lose the account. */
export const createIdbDeviceStore = (database: Database): DeviceStore => ({
  get: async () => {
    const row = await database.get('device', 'self')
    return row === undefined ? undefined : identitySchema.parse(row.identity)
  },
  putFirst: async (identity) => {
    const transaction = database.transaction('device', 'readwrite', { durability: 'strict' })
    const known = await transaction.store.get('self')
    if (known === undefined) await transaction.store.put({ name: 'self', identity })
    await transaction.done
    return known === undefined ? identity : identitySchema.parse(known.identity)
  },
  putFirstSealing: async (sealing) => {
    const transaction = database.transaction('device', 'readwrite', { durability: 'strict' })
    const row = await transaction.store.get('self')
    const identity = row === undefined ? undefined : identitySchema.parse(row.identity)
    if (identity !== undefined && identity.sealing === undefined)
      await transaction.store.put({ name: 'self', identity: { ...identity, sealing } })
    await transaction.done
    if (identity === undefined) throw new Error('this profile has no identity')
    return identity.sealing ?? sealing
  },
  replace: async (identity) => {
    const transaction = database.transaction('device', 'readwrite', { durability: 'strict' })
    const row = await transaction.store.get('self')
    if (row !== undefined) {
      const { accountId, deviceId } = identitySchema.parse(row.identity)
      await transaction.store.put({ name: `former/${accountId}/${deviceId}`, identity: row.identity })
    }
    await transaction.store.put({ name: 'self', identity })
    await transaction.done
  },
})
