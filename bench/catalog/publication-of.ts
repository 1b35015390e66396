import { createHash } from 'node:crypto'
import { parseArtistId, parseChunkId, parseRecordingId, parseReleaseId, parseTrackId } from '@tonestead/crdt/ids'
import type { ArtistCredit } from '@tonestead/protocol/catalog'
import type { SearchDocument } from '@tonestead/search-index/document'
import type { Publication } from '../../media-server/src/ports/catalog-store.ts'
import { catalogId } from './generate-catalog.ts'

type Described = {
  readonly id: string
  readonly title: string
  readonly credits: readonly ArtistCredit[]
  readonly durationMs: number
  readonly isLossless: boolean
  readonly isPublic: boolean
  readonly release: Publication['release']
}

const creditsOf = (document: SearchDocument): ArtistCredit[] =>
  document.credits.map((credit) => ({ ...credit, id: parseArtistId(credit.id) }))

export const publicationOf = ({
  id,
  title,
  credits,
  durationMs,
  isLossless,
  isPublic,
  release,
}: Described): Publication => {
  const head = new Uint8Array(createHash('sha256').update(id).digest())
  return {
    recording: {
      id: parseRecordingId(catalogId(`recording ${id}`)),
      keyVersion: 1,
      durationMs,
      heads: { aac: head, flac: isLossless ? head : undefined },
      waveform: undefined,
      loudness: { integratedLufs: -14, rangeLu: 6, truePeakDbtp: -1 },
      isrc: undefined,
    },
    track: { id: parseTrackId(id), title, disc: 1, position: undefined, credits, isPublic, musicBrainzId: undefined },
    release,
  }
}

const releaseOf = (document: SearchDocument): Publication['release'] => {
  const [cover = '', color = ''] = document.image?.split('#') ?? []
  return {
    id: parseReleaseId(document.id),
    title: document.title,
    credits: creditsOf(document),
    type: 'album',
    year: document.year,
    label: undefined,
    barcode: undefined,
    cover: { id: parseChunkId(cover), color: `#${color}` },
    musicBrainzId: undefined,
    loudness: undefined,
  }
}

/**
 * Turns the documents of a generated catalog into publications, one for each track; other documents have none of their own. A release has to come before
 * its tracks.
 */
export const createPublisher = () => {
  let release: Publication['release'] | undefined
  return (document: SearchDocument): Publication | undefined => {
    if (document.kind === 'release') release = releaseOf(document)
    if (document.kind !== 'track' || release === undefined) return undefined
    return publicationOf({ ...document, credits: creditsOf(document), durationMs: document.durationMs ?? 0, release })
  }
}
