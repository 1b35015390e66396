import type { SearchWorkerQuery, SearchWorkerResult } from '../../ports/search-worker.ts'
import type { DeviceIndex } from './device-index.ts'
import { groupsOf } from './merge-results.ts'
import type { SourceResult } from './search-machine.ts'
import { hitOf, pageSizeOf } from './search-requests.ts'
import type { SearchQuery } from './search.ts'

/** The largest offset the device's index allows (maxOffset in search-index/src). */
const maxOffset = 1_000

/** A page of the device's result; undefined when there is no index. */
export const searchDevice = async (
  device: DeviceIndex,
  { query, offset, signal }: { query: SearchQuery; offset: number; signal: AbortSignal },
): Promise<SourceResult | undefined> => {
  const found = await device.search(workerQueryOf(query, offset), signal)
  return found && sourceResultOf(found, { query, offset, from: 'device' })
}

export const workerQueryOf = (query: SearchQuery, offset: number): SearchWorkerQuery => {
  const { text, kind, filters } = query
  const { years, durationMs, isLossless, isInLibrary } = filters
  return {
    text,
    ...(kind === undefined ? {} : { kinds: [kind] }),
    limit: pageSizeOf(query),
    offset,
    filters: { years, durationMs, isLossless, isInLibrary },
  }
}

/** A page that an index of the worker answered, and where the next one begins. */
export const sourceResultOf = (
  { top, correction, groups }: SearchWorkerResult,
  { query, offset, from }: { readonly query: SearchQuery; readonly offset: number; readonly from: 'device' | 'own' },
): SourceResult => {
  const end = offset + pageSizeOf(query)
  const paged = groupsOf((kind) => ({
    hits: groups[kind].hits.map(hitOf),
    hasMore: groups[kind].hasMore && end <= maxOffset,
  }))
  const next = Object.fromEntries(
    Object.entries(paged).flatMap(([kind, { hasMore }]) => (hasMore ? [[kind, String(end)]] : [])),
  )
  return { result: { top: top && hitOf(top), correction, groups: paged, from }, next }
}
