import type { SearchDocument } from '@tonestead/search-index/document'
import type { FindableItem } from '../ports/search-source.ts'
import { popularityOf } from './popularity.ts'

export const documentOf = (item: FindableItem): SearchDocument => ({
  kind: item.kind,
  id: item.id,
  title: item.title,
  credits: item.credits,
  popularity: popularityOf(item),
  isPublic: item.isPublic,
  isLossless: item.kind !== 'artist' && item.isLossless,
  isInLibrary: false,
  // Absent rather than undefined: documents are sent as JSON too, and compared.
  ...(item.cover === undefined ? {} : { image: `${item.cover.id}${item.cover.color}` }),
  ...(item.kind === 'track' ? { release: item.release } : {}),
  ...(item.kind === 'artist' ? {} : { durationMs: item.durationMs }),
  ...(item.kind === 'artist' || item.year === undefined ? {} : { year: item.year }),
})
