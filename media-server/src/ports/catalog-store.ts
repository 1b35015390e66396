import type { Audience } from '@tonestead/protocol/audience'
import type { ArtistId, ChunkId, RecordingId, ReleaseId, TrackId } from '@tonestead/crdt/ids'
import type { UnixMs } from '@tonestead/crdt/instant'
import type {
  Artist,
  ArtistCredit,
  ArtistSummary,
  ChangePage,
  Cover,
  ListQuery,
  Page,
  Release,
  ReleaseSummary,
  Track,
} from '@tonestead/protocol/catalog'
import type { Loudness } from '@tonestead/protocol/manifest'

/** A recording as published. Heads are signed manifest heads. */
export type PublishedRecording = {
  readonly id: RecordingId
  readonly keyVersion: number
  readonly durationMs: number
  readonly heads: { readonly aac: Uint8Array; readonly flac?: Uint8Array | undefined }
  readonly waveform: ChunkId | undefined
  readonly loudness: Loudness
  readonly isrc: string | undefined
}

type PublishedTrack = {
  readonly id: TrackId
  readonly title: string
  readonly disc: number
  readonly position: number | undefined
  readonly credits: readonly ArtistCredit[]
  /** MusicBrainz recording id, from tags. */
  readonly musicBrainzId: string | undefined
}

export type PublishedRelease = {
  readonly id: ReleaseId
  readonly title: string
  readonly credits: readonly ArtistCredit[]
  readonly type: ReleaseSummary['type']
  readonly year: number | undefined
  readonly label: string | undefined
  readonly barcode: string | undefined
  readonly cover: Cover | undefined
  readonly isPublic: boolean
  readonly musicBrainzId: string | undefined
}

export type Publication = {
  readonly recording: PublishedRecording
  readonly track: PublishedTrack
  readonly release: PublishedRelease
}

/**
 * The catalog's truth. Every write is one transaction that also appends to the change feed, whose numbers grow in commit order.
 * Reads return only published rows that the audience may hear.
 */
export type CatalogStore = {
  /** Inserts or replaces by id; credits create artists that are not there. Idempotent: the same publication twice appends no change. */
  publish(publication: Publication, at: UnixMs): Promise<void>
  /** New heads for a recording that has more renditions now. */
  setHeads(id: RecordingId, heads: PublishedRecording['heads'], at: UnixMs): Promise<void>
  /** Takes a track out of the catalog; its release and artists go with their last track. Its objects stay until collected. */
  withdraw(id: TrackId, at: UnixMs): Promise<void>
  setAlbumLoudness(id: ReleaseId, loudness: { integratedLufs: number; truePeakDbtp: number }, at: UnixMs): Promise<void>

  releases(query: ListQuery, audience: Audience): Promise<Page<ReleaseSummary>>
  release(id: ReleaseId, audience: Audience): Promise<Release | undefined>
  artists(query: ListQuery, audience: Audience): Promise<Page<ArtistSummary>>
  artist(id: ArtistId, audience: Audience): Promise<Artist | undefined>
  tracks(query: ListQuery, audience: Audience): Promise<Page<Track>>
  track(id: TrackId, audience: Audience): Promise<Track | undefined>
  /** In the order asked, without those that are not there. */
  tracksById(ids: readonly TrackId[], audience: Audience): Promise<readonly Track[]>
  changes(query: { after: number; limit: number }, audience: Audience): Promise<ChangePage>
  /** The recording, if the audience may hear it on some release. */
  recording(id: RecordingId, audience: Audience): Promise<PublishedRecording | undefined>
  /** Track loudness of every recording on a release, for album gain. */
  recordingsOf(id: ReleaseId): Promise<readonly PublishedRecording[]>
}
