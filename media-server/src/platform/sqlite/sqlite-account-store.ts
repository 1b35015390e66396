import { parseAccountId, parseDeviceId } from '@tonestead/crdt/ids'
import { parseUnixMs, type UnixMs } from '@tonestead/crdt/instant'
import { rights, rightSchema } from '@tonestead/protocol/auth'
import { agreementJwkSchema, signingJwkSchema, type KnownDevice } from '@tonestead/protocol/device-log'
import { ProblemError } from '@tonestead/protocol/problem'
import type { Kysely, Selectable } from 'kysely'
import type { AccountStore, StoredDevice } from '../../ports/account-store.ts'
import { keepDeviceLog, removeForEver } from './sqlite-device-logs.ts'
import type { Database } from './sqlite-schema.ts'

export const createSqliteAccountStore = (db: Kysely<Database>): AccountStore => ({
  register: (device, at, limit) =>
    db.transaction().execute((transaction) => register(transaction, device, { at, limit })),
  device: async (id) => {
    const row = await db.selectFrom('devices').selectAll().where('id', '=', id).executeTakeFirst()
    return row === undefined ? undefined : asDevice(row)
  },
  devicesOf: async (id) => {
    const rows = await db.selectFrom('devices').selectAll().where('account_id', '=', id).execute()
    return rows.map(asDevice).toSorted((a, b) => b.seenAt - a.seenAt)
  },
  keepDeviceLog: (log, at) => db.transaction().execute((transaction) => keepDeviceLog(transaction, log, at)),
  removeDevice: (id, account, at) =>
    db.transaction().execute(async (transaction) => {
      const known = await transaction.selectFrom('devices').select('account_id').where('id', '=', id).executeTakeFirst()
      if (known?.account_id !== account) return false
      await removeForEver(transaction, { id, account, at })
      return true
    }),
  rightsOf: async (id) => {
    const rows = await db.selectFrom('account_rights').select('right').where('account_id', '=', id).execute()
    return rows.map((row) => rightSchema.parse(row.right))
  },
  claim: (id, at) => db.transaction().execute((transaction) => claim(transaction, id, at)),
  isClaimed: async () => (await db.selectFrom('claims').select('place').executeTakeFirst()) !== undefined,
})

const register = async (
  db: Kysely<Database>,
  device: KnownDevice,
  terms: { at: UnixMs; limit: number },
): Promise<'known' | 'registered' | 'device-limit-reached' | 'device-removed'> => {
  const removed = await db.selectFrom('revoked_devices').select('id').where('id', '=', device.device).executeTakeFirst()
  if (removed !== undefined) return 'device-removed'
  const known = await db.selectFrom('devices').select('account_id').where('id', '=', device.device).executeTakeFirst()
  if (known?.account_id === device.account) {
    await db
      .updateTable('devices')
      .set({ seen_at: terms.at, name: device.name })
      .where('id', '=', device.device)
      .execute()
    return 'known'
  }
  if (known !== undefined) throw new ProblemError('proof-invalid', 'This device key belongs to another account.')
  const { count } = await db
    .selectFrom('devices')
    .select((row) => row.fn.countAll<number>().as('count'))
    .where('account_id', '=', device.account)
    .executeTakeFirstOrThrow()
  if (count >= terms.limit) return 'device-limit-reached'
  await db
    .insertInto('accounts')
    .values({ id: device.account, first_seen_at: terms.at })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  const keys = { signing_key: JSON.stringify(device.signingKey), agreement_key: JSON.stringify(device.agreementKey) }
  await db
    .insertInto('devices')
    .values({
      id: device.device,
      account_id: device.account,
      ...keys,
      name: device.name,
      registered_at: terms.at,
      seen_at: terms.at,
    })
    .execute()
  return 'registered'
}

const claim = async (db: Kysely<Database>, id: string, at: UnixMs): Promise<boolean> => {
  const won = await db
    .insertInto('claims')
    .values({ place: 1, account_id: id, claimed_at: at })
    .onConflict((conflict) => conflict.doNothing())
    .returning('place')
    .executeTakeFirst()
  if (won === undefined) return false
  const granted = rights.map((right) => ({ account_id: id, right, granted_at: at }))
  await db
    .insertInto('account_rights')
    .values(granted)
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  return true
}

const asDevice = (row: Selectable<Database['devices']>): StoredDevice => ({
  account: parseAccountId(row.account_id),
  device: parseDeviceId(row.id),
  signingKey: signingJwkSchema.parse(JSON.parse(row.signing_key)),
  agreementKey: agreementJwkSchema.parse(JSON.parse(row.agreement_key)),
  name: row.name,
  seenAt: parseUnixMs(row.seen_at),
  registeredAt: parseUnixMs(row.registered_at),
})
