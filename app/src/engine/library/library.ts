import type { ArtistId, ReleaseId, TrackId } from '@tonestead/crdt/ids'
import type { Artist, ArtistSummary, Page, Release, ReleaseSummary, Track } from '@tonestead/protocol/catalog'
import type { Answer } from '../server/answer.ts'

/** A part of a list, in an order. */
export type Slice = { readonly offset: number; readonly limit: number; readonly sort: 'name' | 'recent' }

/** The catalog, as far as this account may see it. Answers are cached on the device and used when the server is away. An abort cancels the request. */
export type Library = {
  releases(slice: Slice, signal: AbortSignal): Promise<Answer<Page<ReleaseSummary>>>
  release(id: ReleaseId, signal: AbortSignal): Promise<Answer<Release>>
  artists(slice: Slice, signal: AbortSignal): Promise<Answer<Page<ArtistSummary>>>
  artist(id: ArtistId, signal: AbortSignal): Promise<Answer<Artist>>
  tracks(slice: Slice, signal: AbortSignal): Promise<Answer<Page<Track>>>
  track(id: TrackId, signal: AbortSignal): Promise<Answer<Track>>
  /** Tracks by id, at most 50, in the requested order, without those that do not exist. */
  tracksById(ids: readonly TrackId[], signal: AbortSignal): Promise<Answer<readonly Track[]>>
  /** The waveform of a track, one byte per step; undefined: there is none, or it could not be fetched. */
  waveform(track: Track, signal: AbortSignal): Promise<Uint8Array | undefined>
}
