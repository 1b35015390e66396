import { createHash, randomBytes } from 'node:crypto'
import { parseArtistId, parseChunkId, parseRecordingId, parseReleaseId, parseTrackId } from '@tonestead/crdt/ids'
import { toBase32 } from '@tonestead/protocol/bytes'
import type { ArtistCredit } from '@tonestead/protocol/catalog'
import type { Publication } from './catalog-store.ts'

/** A catalog id derived from a name. */
export const idOf = (name: string): string => toBase32(createHash('sha256').update(name).digest().subarray(0, 16))

/** The credit of an artist by name. */
export const creditOf = (name: string, join = ''): ArtistCredit => ({
  id: parseArtistId(idOf(`artist ${name}`)),
  name,
  join,
})

export type Described = {
  readonly title: string
  readonly release: string
  readonly artist: string
  readonly albumArtist?: string
  readonly position?: number
  readonly isPublic?: boolean
  readonly year?: number
  readonly recording?: string
}

/** A publication for tests: every id and hash is derived from the names. */
export const publicationOf = (described: Described): Publication => {
  const { title, release, artist, position } = described
  return {
    recording: {
      id: parseRecordingId(idOf(`recording ${described.recording ?? `${release} ${title}`}`)),
      keyVersion: 1,
      durationMs: 200_000,
      heads: { aac: new Uint8Array(createHash('sha256').update(title).digest()) },
      waveform: undefined,
      loudness: { integratedLufs: -14.2, rangeLu: 6.5, truePeakDbtp: -0.8 },
      isrc: undefined,
    },
    track: {
      id: parseTrackId(idOf(`track ${release} ${title}`)),
      title,
      disc: 1,
      position,
      credits: [creditOf(artist)],
      isPublic: described.isPublic ?? false,
      musicBrainzId: undefined,
    },
    release: {
      id: parseReleaseId(idOf(`release ${release}`)),
      title: release,
      credits: [creditOf(described.albumArtist ?? artist)],
      type: 'album',
      year: described.year,
      label: undefined,
      barcode: undefined,
      cover: { id: parseChunkId(createHash('sha256').update(release).digest('hex')), color: '#336699' },
      musicBrainzId: undefined,
      loudness: undefined,
    },
  }
}

export const randomRecordingId = () => parseRecordingId(toBase32(randomBytes(16)))
