import type { DocumentChange, SearchDocument } from '@tonestead/search-index/document'
import type { Audience } from '@tonestead/protocol/audience'
import type { FindableItem, FindableKey, SearchSource } from '../ports/search-source.ts'
import { documentOf } from './document-of.ts'

const pageSize = 1000
/** Most that a source gives by id at once. */
const itemsAtOnce = 1000

/** Every document that an audience may see, a page at a time. */
export const readCatalog = async function* (
  source: SearchSource,
  audience: Audience,
  today: number,
): AsyncGenerator<SearchDocument[]> {
  for (const kind of ['artist', 'release', 'track'] as const) {
    let after = ''
    for (;;) {
      const items = await source.page({ kind, after, limit: pageSize, today })
      yield items.filter((item) => maySee(item, audience)).map((item) => documentOf(item, audience))
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

/** What a stretch of the change feed does to an index. What may not be seen by this audience is taken out of it. */
export const readChanges = async (
  source: SearchSource,
  { today, ...query }: ChangeQuery,
  audience: Audience,
): Promise<ReadChanges> => {
  const { keys, last, isLast } = await source.changes(query, audience)
  const items = new Map((await readItems(source, keys, today)).map((item) => [keyOf(item), item]))
  const changes = keys.map((key) => changeOf(key, items.get(keyOf(key)), audience))
  // An artist's picture and weight follow from what they are heard on.
  const artists = creditedOn(items.values()).filter(
    (key) => !items.has(keyOf(key)) && !keys.some((known) => known.kind === 'artist' && known.id === key.id),
  )
  const heard = (await readItems(source, artists, today)).filter((item) => maySee(item, audience))
  return {
    changes: [...changes, ...heard.map((item) => ({ change: 'put', document: documentOf(item, audience) }) as const)],
    last,
    isLast,
  }
}

export const readItems = async (
  source: SearchSource,
  keys: readonly FindableKey[],
  today: number,
): Promise<FindableItem[]> => {
  const items: FindableItem[] = []
  for (let start = 0; start < keys.length; start += itemsAtOnce)
    items.push(...(await source.items(keys.slice(start, start + itemsAtOnce), today)))
  return items
}

const keyOf = ({ kind, id }: FindableKey): string => `${kind} ${id}`

const maySee = (item: FindableItem, audience: Audience): boolean => audience === 'listeners' || item.isPublic

const changeOf = (key: FindableKey, item: FindableItem | undefined, audience: Audience): DocumentChange =>
  item === undefined || !maySee(item, audience)
    ? { change: 'remove', ...key }
    : { change: 'put', document: documentOf(item, audience) }

const creditedOn = (items: Iterable<FindableItem>): FindableKey[] =>
  [...new Set([...items].flatMap((item) => item.credits.map((credit) => credit.id)))].map((id) => ({
    kind: 'artist',
    id,
  }))
