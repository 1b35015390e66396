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

/** A recording as published: the audio itself, which may be on several releases. `heads` are signed manifest heads (docs/formats.md). */
export type PublishedRecording = {
  readonly id: RecordingId
  readonly keyVersion: number
  readonly durationMs: number
  readonly heads: { readonly aac: Uint8Array; readonly flac?: Uint8Array | undefined }
  readonly waveform: ChunkId | undefined
  readonly loudness: Loudness
  readonly isrc: string | undefined
}

/** A track as published. `isPublic`: everyone may hear it. */
export type PublishedTrack = {
  readonly id: TrackId
  readonly title: string
  readonly disc: number
  readonly position: number | undefined
  readonly credits: readonly ArtistCredit[]
  readonly isPublic: boolean
  /** MusicBrainz recording id, from tags. */
  readonly musicBrainzId: string | undefined
}

/** A release as published, without its tracks. It is public when one of its tracks is. */
export type PublishedRelease = {
  readonly id: ReleaseId
  readonly title: string
  readonly credits: readonly ArtistCredit[]
  readonly type: ReleaseSummary['type']
  readonly year: number | undefined
  readonly label: string | undefined
  readonly barcode: string | undefined
  readonly cover: Cover | undefined
  readonly musicBrainzId: string | undefined
  /** Over all tracks (LUFS), and their highest true peak (dBTP), for album gain. */
  readonly loudness: { readonly integratedLufs: number; readonly truePeakDbtp: number } | undefined
}

/** One track with its recording and its release. */
export type Publication = {
  readonly recording: PublishedRecording
  readonly track: PublishedTrack
  readonly release: PublishedRelease
}

/**
 * The catalog. Every write is one durable transaction that also appends to the change feed, whose sequence numbers grow in commit order.
 * Reads return only published rows that the audience may hear, and undefined for what does not exist. Methods may be called concurrently.
 * Lists reject with the problem `invalid-request` for a foreign cursor, writes with `storage-full` when the disk is full.
 */
export type CatalogStore = {
  /** Puts one track into its release, for catalogs that are not made from source files (benchmarks, tests): a release that has sources is derived from them by the `SourceStore` alone. Idempotent: the same publication again appends no change. */
  publish(publication: Publication, at: UnixMs): Promise<void>
  /** Replaces the heads of a recording that has more renditions now. Rejects when the recording was never published. */
  setHeads(id: RecordingId, heads: PublishedRecording['heads'], at: UnixMs): Promise<void>
  /** The opposite of `publish`: removes a track, and its release and artists with their last track. Does nothing for an unknown track. */
  withdraw(id: TrackId, at: UnixMs): Promise<void>

  /** A page of releases; `next` is the cursor of the following page. */
  releases(query: ListQuery, audience: Audience): Promise<Page<ReleaseSummary>>
  /** The release with those of its tracks that the audience may hear; its counts are those of these tracks. */
  release(id: ReleaseId, audience: Audience): Promise<Release | undefined>
  artists(query: ListQuery, audience: Audience): Promise<Page<ArtistSummary>>
  artist(id: ArtistId, audience: Audience): Promise<Artist | undefined>
  tracks(query: ListQuery, audience: Audience): Promise<Page<Track>>
  track(id: TrackId, audience: Audience): Promise<Track | undefined>
  /** In the order of `ids`, without those that do not exist. */
  tracksById(ids: readonly TrackId[], audience: Audience): Promise<readonly Track[]>
  /** The entries of the change feed after a sequence number, at most `limit`. */
  changes(query: { after: number; limit: number }, audience: Audience): Promise<ChangePage>
  /** The recording, if the audience may hear it on at least one release. */
  recording(id: RecordingId, audience: Audience): Promise<PublishedRecording | undefined>
  /** The recording, also when no track contains it any more: what was made of a file once is not made again. */
  madeRecording(id: RecordingId): Promise<PublishedRecording | undefined>
}
