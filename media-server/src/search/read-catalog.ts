import type { DocumentChange, SearchDocument } from '@tonestead/search-index/document'
import type { Audience } from '@tonestead/protocol/audience'
import type { SearchItem, SearchItemKey, SearchSource } from '../ports/search-source.ts'
import { toSearchDocument } from './to-search-document.ts'

const pageSize = 1000
/** The most items that a source returns by id in one call. */
const itemsAtOnce = 1000

/** Yields every document that an audience may see, in pages. */
export const readCatalog = async function* (
  source: SearchSource,
  audience: Audience,
  today: number,
): AsyncGenerator<SearchDocument[]> {
  for (const kind of ['artist', 'release', 'track'] as const) {
    let after = ''
    for (;;) {
      const items = await source.page({ kind, after, limit: pageSize, today })
      yield items.filter((item) => maySee(item, audience)).map((item) => toSearchDocument(item, audience))
      after = items.reduce((last, item) => (item.id > last ? item.id : last), after)
      if (items.length < pageSize) break
    }
  }
}

export type ReadChanges = {
  readonly changes: readonly DocumentChange[]
  readonly last: number
  readonly isLast: boolean
}
type ChangeQuery = { readonly after: number; readonly limit: number; readonly today: number }

/** Turns a part of the change feed into changes of an index. Items that this audience may not see are removed from the index. */
export const readChanges = async (
  source: SearchSource,
  { today, ...query }: ChangeQuery,
  audience: Audience,
): Promise<ReadChanges> => {
  const { keys, last, isLast } = await source.changes(query, audience)
  const items = new Map((await readItems(source, keys, today)).map((item) => [keyOf(item), item]))
  const changes = keys.map((key) => changeOf(key, items.get(keyOf(key)), audience))
  // The picture and popularity of an artist depend on their releases and tracks, so credited artists change too.
  const artistKeys = creditedArtists(items.values()).filter(
    (key) => !items.has(keyOf(key)) && !keys.some((known) => known.kind === 'artist' && known.id === key.id),
  )
  const artists = (await readItems(source, artistKeys, today)).filter((item) => maySee(item, audience))
  return { changes: [...changes, ...artists.map((item) => putChange(item, audience))], last, isLast }
}

export const readItems = async (
  source: SearchSource,
  keys: readonly SearchItemKey[],
  today: number,
): Promise<SearchItem[]> => {
  const items: SearchItem[] = []
  for (let start = 0; start < keys.length; start += itemsAtOnce)
    items.push(...(await source.items(keys.slice(start, start + itemsAtOnce), today)))
  return items
}

const keyOf = ({ kind, id }: SearchItemKey): string => `${kind} ${id}`

const maySee = (item: SearchItem, audience: Audience): boolean => audience === 'listeners' || item.isPublic

const changeOf = (key: SearchItemKey, item: SearchItem | undefined, audience: Audience): DocumentChange =>
  item === undefined || !maySee(item, audience) ? { change: 'remove', ...key } : putChange(item, audience)

const putChange = (item: SearchItem, audience: Audience): DocumentChange => ({
  change: 'put',
  document: toSearchDocument(item, audience),
})

const creditedArtists = (items: Iterable<SearchItem>): SearchItemKey[] =>
  [...new Set([...items].flatMap((item) => item.credits.map((credit) => credit.id)))].map((id) => ({
    kind: 'artist',
    id,
  }))
