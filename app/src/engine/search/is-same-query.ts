import type { SearchQuery } from './search.ts'

export const isSameQuery = (a: SearchQuery, b: SearchQuery): boolean =>
  a.text === b.text &&
  a.kind === b.kind &&
  a.filters.isLossless === b.filters.isLossless &&
  a.filters.isInLibrary === b.filters.isInLibrary &&
  isSameRange(a.filters.years, b.filters.years) &&
  isSameRange(a.filters.durationMs, b.filters.durationMs)

type Range = { readonly from: number; readonly to: number }

const isSameRange = (a: Range | undefined, b: Range | undefined): boolean => a?.from === b?.from && a?.to === b?.to
