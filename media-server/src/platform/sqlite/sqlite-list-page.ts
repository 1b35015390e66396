import type { ListQuery } from '@tonestead/protocol/catalog'
import { ProblemError } from '@tonestead/protocol/problem'
import { sql, type Kysely, type RawBuilder, type SqlBool } from 'kysely'
import { z } from 'zod'
import type { Database } from './sqlite-schema.ts'

// Pages of ids (keyset pagination): the cursor contains the last row of a page, so that rows added or removed elsewhere do not shift the next page.

type Listed = 'releases' | 'tracks' | 'artists'
type Key = { readonly id: string; readonly sort_key: string; readonly added_at: number }

const cursorSchema = z.tuple([z.enum(['name', 'recent']), z.union([z.string(), z.number()]), z.string()])

export type IdPage = { readonly ids: readonly string[]; readonly next: string | undefined; readonly total: number }

/** `visible`: the condition for visible rows. All columns read are in the table's indexes, so that large offsets are cheap. */
export const listIds = async (
  db: Kysely<Database>,
  list: { table: Listed; visible: RawBuilder<SqlBool>; query: ListQuery },
): Promise<IdPage> => {
  const { query, visible } = list
  const table = sql.table(list.table)
  const column = sql.ref(query.sort === 'name' ? 'sort_key' : 'added_at')
  const order = query.sort === 'name' ? sql`${column}, id` : sql`${column} desc, id`
  const after = query.cursor === undefined ? sql<SqlBool>`true` : afterCursor(query.cursor, query.sort)
  const offset = query.cursor === undefined ? (query.offset ?? 0) : 0
  const [counted, keys] = await Promise.all([
    sql<{ total: number }>`select count(*) as total from ${table} where ${visible}`.execute(db),
    sql<Key>`select id, ${column} from ${table} where ${visible} and ${after} order by ${order} limit ${query.limit + 1} offset ${offset}`.execute(
      db,
    ),
  ])
  const shown = keys.rows.slice(0, query.limit)
  const last = keys.rows.length > query.limit ? shown.at(-1) : undefined
  return {
    ids: shown.map((key) => key.id),
    next: last === undefined ? undefined : cursorAt(last, query.sort),
    total: counted.rows[0]?.total ?? 0,
  }
}

const cursorAt = (key: Key, sort: ListQuery['sort']): string =>
  Buffer.from(JSON.stringify([sort, sort === 'name' ? key.sort_key : key.added_at, key.id])).toString('base64url')

/** A cursor is valid only for the sort order it was made for. */
const afterCursor = (cursor: string, sort: ListQuery['sort']): RawBuilder<SqlBool> => {
  const [madeFor, value, id] = readCursor(cursor)
  if (madeFor !== sort) throw new ProblemError('invalid-request', 'This cursor belongs to a list in another order.')
  return sort === 'name'
    ? sql`(sort_key, id) > (${value}, ${id})`
    : sql`added_at <= ${value} and (added_at < ${value} or id > ${id})`
}

const readCursor = (cursor: string): z.infer<typeof cursorSchema> => {
  try {
    return cursorSchema.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')))
  } catch (error) {
    throw new ProblemError('invalid-request', 'This is no cursor of this server. Start the list again.', {
      cause: error,
    })
  }
}
