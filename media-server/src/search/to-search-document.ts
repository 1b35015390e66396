import type { SearchDocument } from '@tonestead/search-index/document'
import type { Audience } from '@tonestead/protocol/audience'
import type { FindableItem } from '../ports/search-source.ts'
import { popularityOf } from './popularity.ts'

/** As this audience may know it; that it may is decided elsewhere. */
export const documentOf = (item: FindableItem, audience: Audience): SearchDocument => ({
  kind: item.kind,
  id: item.id,
  title: item.title,
  credits: item.credits,
  popularity: popularityOf(item, audience),
  isPublic: item.isPublic,
  isLossless: item.kind !== 'artist' && item.isLossless,
  isInLibrary: false,
  // Absent rather than undefined: documents are sent as JSON too, and compared.
  ...(item.cover === undefined ? {} : { image: `${item.cover.id}${item.cover.color}` }),
  ...(item.kind === 'track' ? { release: item.release } : {}),
  ...(item.kind === 'artist' ? {} : { durationMs: item.durationMs }),
  ...(item.kind === 'artist' || item.year === undefined ? {} : { year: item.year }),
})
