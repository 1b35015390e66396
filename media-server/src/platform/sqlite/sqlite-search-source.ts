import { sql, type Kysely, type RawBuilder, type SqlBool } from 'kysely'
import type { Audience } from '@tonestead/protocol/audience'
import type { FeedPoint, SearchItem, SearchItemKey, SearchItemKind, SearchSource } from '../../ports/search-source.ts'
import type { ChangeNotifier } from './change-notifier.ts'
import type { Database } from './sqlite-schema.ts'
import { readSearchItems } from './sqlite-search-items.ts'

const tables = { track: 'tracks', release: 'releases', artist: 'artists' } as const
const kinds = ['track', 'release', 'artist'] as const

/** `feedGrowth` notifies after each transaction that appended to the change feed. */
export const createSqliteSearchSource = (db: Kysely<Database>, feedGrowth: ChangeNotifier): SearchSource => ({
  newest: () => newest(db),
  markAt: (sequence) => markAt(db, sequence),
  page: async ({ kind, after, limit, today }) => {
    const rows = await db
      .selectFrom(tables[kind])
      .select('id')
      .where('id', '>', after)
      .orderBy('id')
      .limit(limit)
      .execute()
    return readSearchItems(db, kind, { ids: rows.map((row) => row.id), today })
  },
  items: (keys, today) => readItems(db, keys, today),
  changes: async ({ after, limit }, audience) => {
    const { sequence } = await newest(db)
    const lines = await db
      .selectFrom('changes')
      .select(['seq', 'kind', 'id'])
      .where('seq', '>', after)
      .where('seq', '<=', sequence)
      .where(visibleTo(audience))
      .orderBy('seq')
      .limit(limit)
      .execute()
    const isLast = lines.length < limit
    return {
      keys: await keysOf(db, lines, audience),
      last: isLast ? Math.max(sequence, after) : (lines.at(-1)?.seq ?? sequence),
      isLast,
    }
  },
  changed: async (after, signal) => {
    // Subscribed before the check, so that no change is missed between the two.
    const nextGrowth = feedGrowth.next(signal)
    // When the check finds changes, nobody awaits it, and its rejection by a later abort is expected.
    nextGrowth.catch(() => undefined)
    if ((await newest(db)).sequence <= after) await nextGrowth
  },
  playedSince: async (day) => {
    const { rows } = await sql<SearchItemKey>`
      with played as (select distinct track_id as id from plays where day >= ${day})
      select 'track' as kind, id from played
      union select 'release', release_id from tracks where id in played
      union select 'artist', artist_id from appearances where track_id in played`.execute(db)
    return rows
  },
  trackCount: async (audience) => {
    const counted = await db
      .selectFrom('tracks')
      .select((row) => row.fn.countAll<number>().as('count'))
      .where(visibleTo(audience))
      .executeTakeFirst()
    return counted?.count ?? 0
  },
})

const visibleTo = (audience: Audience): RawBuilder<SqlBool> =>
  audience === 'everyone' ? sql`is_public = 1` : sql`true`

const newest = async (db: Kysely<Database>): Promise<FeedPoint> => {
  const last = await db.selectFrom('changes').select('seq').orderBy('seq', 'desc').limit(1).executeTakeFirst()
  const sequence = last?.seq ?? 0
  return { sequence, mark: (await markAt(db, sequence)) ?? '' }
}

const markAt = async (db: Kysely<Database>, sequence: number): Promise<string | undefined> => {
  if (sequence === 0) return ''
  const line = await db.selectFrom('changes').selectAll().where('seq', '=', sequence).executeTakeFirst()
  return line === undefined ? undefined : `${line.at} ${line.kind} ${line.id} ${line.change}`
}

const readItems = async (
  db: Kysely<Database>,
  keys: readonly SearchItemKey[],
  today: number,
): Promise<SearchItem[]> => {
  const ids = (kind: SearchItemKind): string[] => keys.filter((key) => key.kind === kind).map((key) => key.id)
  const found = await Promise.all(kinds.map((kind) => readSearchItems(db, kind, { ids: ids(kind), today })))
  return found.flat()
}

type FeedEntry = { readonly kind: string; readonly id: string }

/** Each key once, in the order of its last entry. A recording is replaced by the tracks that contain it. */
const keysOf = async (
  db: Kysely<Database>,
  lines: readonly FeedEntry[],
  audience: Audience,
): Promise<SearchItemKey[]> => {
  const recordings = lines.filter((line) => line.kind === 'recording').map((line) => line.id)
  const tracks =
    recordings.length === 0
      ? []
      : await db
          .selectFrom('tracks')
          .select(['id', 'recording_id'])
          .where('recording_id', 'in', recordings)
          .where(visibleTo(audience))
          .execute()
  const byRecording = Map.groupBy(tracks, (track) => track.recording_id)
  const keys = new Map<string, SearchItemKey>()
  const add = (key: SearchItemKey): void => {
    keys.delete(`${key.kind} ${key.id}`)
    keys.set(`${key.kind} ${key.id}`, key)
  }
  for (const { kind, id } of lines) {
    const itemKind = kinds.find((known) => known === kind)
    if (itemKind === undefined) for (const track of byRecording.get(id) ?? []) add({ kind: 'track', id: track.id })
    else add({ kind: itemKind, id })
  }
  return [...keys.values()]
}
