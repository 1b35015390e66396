import { sql, type Kysely, type RawBuilder } from 'kysely'
import { wordsOf } from './fold-name.ts'
import type { Database } from './sqlite-schema.ts'

type Kind = 'artist' | 'release' | 'track'
const tables = { artist: 'artists', release: 'releases', track: 'tracks' } as const
const maxWords = 12

export type FoundIds = { readonly releases: readonly string[]; readonly artists: readonly string[]; readonly tracks: readonly string[] }

/** Every word of the query begins a word of what is found. */
export const searchIds = async (db: Kysely<Database>, query: { q: string; limit: number }, isPublicOnly: boolean): Promise<FoundIds> => {
  const words = wordsOf(query.q).slice(0, maxWords)
  if (words.length === 0) return { releases: [], artists: [], tracks: [] }
  const find = (kind: Kind): Promise<string[]> => findKind(db, { kind, words, limit: query.limit, isPublicOnly })
  const [releases, artists, tracks] = await Promise.all([find('release'), find('artist'), find('track')])
  return { releases, artists, tracks }
}

type Find = { readonly kind: Kind; readonly words: readonly string[]; readonly limit: number; readonly isPublicOnly: boolean }

/** A single letter finds thousands: ranking all of them would cost more than it tells, so they come as they stand. */
const findKind = async (db: Kysely<Database>, find: Find): Promise<string[]> => {
  const match = `${find.kind} : (${find.words.map((word) => `"${word}" *`).join(' AND ')})`
  const order = find.words.every((word) => word.length < 2) ? sql`words.rowid` : sql`words.rank`
  const visible = find.isPublicOnly ? visibleRows[find.kind] : sql`true`
  const found = await sql<{ id: string }>`
    select named.id from words join named on named.rowid = words.rowid join ${sql.table(tables[find.kind])} as item on item.id = named.id
    where words match ${match} and ${visible} order by ${order} limit ${find.limit}`.execute(db)
  return found.rows.map((row) => row.id)
}

const visibleRows: Readonly<Record<Kind, RawBuilder<unknown>>> = { artist: sql`item.public_track_count > 0`, release: sql`item.is_public = 1`, track: sql`item.is_public = 1` }

/** Puts a name into the index, in place of what was there for it. */
export const indexWords = async (db: Kysely<Database>, item: { kind: Kind; id: string; names: readonly string[] }): Promise<void> => {
  await dropWords(db, item)
  const row = await db.insertInto('named').values({ kind: item.kind, id: item.id }).returning('rowid').executeTakeFirstOrThrow()
  await sql`insert into words (rowid, ${sql.ref(item.kind)}) values (${row.rowid}, ${item.names.flatMap(wordsOf).join(' ')})`.execute(db)
}

export const dropWords = async (db: Kysely<Database>, item: { kind: Kind; id: string }): Promise<void> => {
  const row = await db.deleteFrom('named').where('kind', '=', item.kind).where('id', '=', item.id).returning('rowid').executeTakeFirst()
  if (row !== undefined) await sql`delete from words where rowid = ${row.rowid}`.execute(db)
}
