import type { SearchDocument } from '@tonestead/search-index/document'
import type { Audience } from '@tonestead/protocol/audience'
import type { SearchItem } from '../ports/search-source.ts'
import { popularityOf } from './popularity.ts'

/** The document of an item as this audience may see it. Whether the audience may see it at all is checked by the caller. */
export const toSearchDocument = (item: SearchItem, audience: Audience): SearchDocument =>
  documentOf(item.kind === 'release' && audience === 'everyone' ? { ...item, ...item.inPublic } : item, audience)

const documentOf = (item: SearchItem, audience: Audience): SearchDocument => ({
  kind: item.kind,
  id: item.id,
  title: item.title,
  credits: item.credits,
  popularity: popularityOf(item, audience),
  isPublic: item.isPublic,
  isLossless: item.kind !== 'artist' && item.isLossless,
  isInLibrary: false,
  // Missing rather than undefined: documents are also sent as JSON, and compared with those.
  ...(item.cover === undefined ? {} : { image: `${item.cover.id}${item.cover.color}` }),
  ...(item.kind === 'track' ? { release: item.release } : {}),
  ...(item.kind === 'artist' ? {} : { durationMs: item.durationMs }),
  ...(item.kind === 'artist' || item.year === undefined ? {} : { year: item.year }),
})
