import type { ArtistId, ReleaseId, TrackId } from '@tonestead/crdt/ids'
import type { Artist, ArtistSummary, Page, Release, ReleaseSummary, Track } from '@tonestead/protocol/catalog'
import type { Answer } from '../server/answer.ts'

export type Slice = { readonly offset: number; readonly limit: number; readonly sort: 'name' | 'recent' }

/** The catalog as this account may see it. Answers seen before are kept on the device and shown when offline. Abort cancels the request. */
export type Library = {
  releases(slice: Slice, signal: AbortSignal): Promise<Answer<Page<ReleaseSummary>>>
  release(id: ReleaseId, signal: AbortSignal): Promise<Answer<Release>>
  artists(slice: Slice, signal: AbortSignal): Promise<Answer<Page<ArtistSummary>>>
  artist(id: ArtistId, signal: AbortSignal): Promise<Answer<Artist>>
  tracks(slice: Slice, signal: AbortSignal): Promise<Answer<Page<Track>>>
  track(id: TrackId, signal: AbortSignal): Promise<Answer<Track>>
  /** Tracks by id, at most 50, in the order asked; those that cannot be had are left out. */
  tracksById(ids: readonly TrackId[], signal: AbortSignal): Promise<Answer<readonly Track[]>>
  /** Waveform of a track, one byte a step; undefined when it has none or it cannot be had. */
  waveform(track: Track, signal: AbortSignal): Promise<Uint8Array | undefined>
}
