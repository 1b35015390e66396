import type { SearchWorkerResult } from '../../ports/search-worker.ts'
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
  const { text, kind, filters } = query
  const limit = pageSizeOf(query)
  const found = await device.search(
    {
      text,
      ...(kind === undefined ? {} : { kinds: [kind] }),
      limit,
      offset,
      filters: { years: filters.years, durationMs: filters.durationMs, isLossless: filters.isLossless },
    },
    signal,
  )
  return found && sourceResultOf(found, offset + limit)
}

const sourceResultOf = ({ top, correction, groups }: SearchWorkerResult, end: number): SourceResult => {
  const paged = groupsOf((kind) => ({
    hits: groups[kind].hits.map(hitOf),
    hasMore: groups[kind].hasMore && end <= maxOffset,
  }))
  const next = Object.fromEntries(
    Object.entries(paged).flatMap(([kind, { hasMore }]) => (hasMore ? [[kind, String(end)]] : [])),
  )
  return { result: { top: top && hitOf(top), correction, groups: paged, from: 'device' }, next }
}
