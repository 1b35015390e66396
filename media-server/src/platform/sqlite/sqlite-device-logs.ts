import { parseDeviceId, type AccountId, type DeviceId } from '@tonestead/crdt/ids'
import type { UnixMs } from '@tonestead/crdt/instant'
import type { Kysely } from 'kysely'
import { z } from 'zod'
import type { KeptDeviceLog, VerifiedDeviceLog } from '../../ports/account-store.ts'
import type { Database } from './sqlite-schema.ts'

const entriesSchema = z.array(z.string())
type Kept = { readonly generation: number; readonly entries: readonly string[] }

/** `AccountStore.keepDeviceLog`, inside a transaction. */
export const keepDeviceLog = async (
  db: Kysely<Database>,
  log: VerifiedDeviceLog,
  at: UnixMs,
): Promise<KeptDeviceLog> => {
  const kept = await readKept(db, log.account)
  if (isPrefix(log.entries, kept.entries) && log.entries.length < kept.entries.length)
    return { kind: 'older', entries: kept.entries }
  if (!isPrefix(kept.entries, log.entries) && log.generation <= kept.generation) return { kind: 'forked' }
  if (log.entries.length === 0) return { kind: 'kept', removed: [] }
  const row = { generation: log.generation, entries: JSON.stringify(log.entries) }
  await db
    .insertInto('device_logs')
    .values({ account_id: log.account, ...row })
    .onConflict((conflict) => conflict.column('account_id').doUpdateSet(row))
    .execute()
  return { kind: 'kept', removed: await removeFallen(db, log, at) }
}

const readKept = async (db: Kysely<Database>, account: AccountId): Promise<Kept> => {
  const row = await db.selectFrom('device_logs').selectAll().where('account_id', '=', account).executeTakeFirst()
  return row === undefined
    ? { generation: 0, entries: [] }
    : { generation: row.generation, entries: entriesSchema.parse(JSON.parse(row.entries)) }
}

const isPrefix = (short: readonly string[], long: readonly string[]): boolean =>
  short.length <= long.length && short.every((entry, index) => entry === long[index])

const removeFallen = async (db: Kysely<Database>, log: VerifiedDeviceLog, at: UnixMs): Promise<DeviceId[]> => {
  const registered = await db.selectFrom('devices').select('id').where('account_id', '=', log.account).execute()
  const standing = new Set<string>(log.standing)
  const fallen = registered.filter(({ id }) => !standing.has(id)).map(({ id }) => parseDeviceId(id))
  for (const id of fallen) await removeForEver(db, { id, account: log.account, at })
  return fallen
}

/** The device is registered no more, and never again. */
export const removeForEver = async (
  db: Kysely<Database>,
  { id, account, at }: { readonly id: DeviceId; readonly account: AccountId; readonly at: UnixMs },
): Promise<void> => {
  await db.deleteFrom('devices').where('id', '=', id).execute()
  await db.insertInto('revoked_devices').values({ id, account_id: account, revoked_at: at }).execute()
}
