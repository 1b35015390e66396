import type { QueueEntryId } from '@tonestead/crdt/ids'
import type { Context, Queue, Repeat } from '@tonestead/crdt/queue'
import type { Track } from '@tonestead/protocol/catalog'
import type { Readable } from '../readable.ts'
import type { PlaybackState } from './playback-state.ts'

/** What sounds right now, for the stream line of the now-playing screen. */
export type StreamInfo = {
  readonly codec: 'aac' | 'flac'
  readonly bitrateBps: number
  readonly sampleRateHz: number
  readonly gainDb: number
  readonly source: 'network' | 'kept'
}

export type PlayerView = {
  readonly state: PlaybackState
  readonly queue: Queue
  /** The tracks of all queue entries, by track id. */
  readonly tracks: ReadonlyMap<string, Track>
  readonly current: Track | undefined
  readonly durationMs: number
  /** 0 to 1, as the person set it; loudness comes on top. */
  readonly volume: number
  readonly isMuted: boolean
  readonly streamInfo: StreamInfo | undefined
  /** Whether Next and Previous lead anywhere. */
  readonly hasNext: boolean
  readonly hasPrevious: boolean
}

/** The headless player: every method answers at once by a change of `view`; nothing throws to the UI. */
export type Player = {
  readonly view: Readable<PlayerView>
  /** Where playback is now, for drawing; call it per frame. */
  positionMs(): number
  playTracks(start: { context: Context; tracks: readonly Track[]; startAt?: number | undefined }): void
  /** Toggles for the play button: resumes, pauses, retries after a failure, starts the queue. */
  toggle(): void
  play(): void
  pause(): void
  /** Stops retrying with what failed and goes on. */
  next(): void
  /** Back to the start of the track after 3 s, else to the one before. */
  previous(): void
  seek(positionMs: number): void
  setVolume(volume: number): void
  setMuted(isMuted: boolean): void
  setShuffle(isShuffled: boolean): void
  setRepeat(repeat: Repeat): void
  playNext(tracks: readonly Track[]): void
  addToQueue(tracks: readonly Track[]): void
  jumpTo(id: QueueEntryId): void
  remove(id: QueueEntryId): void
  move(id: QueueEntryId, toIndex: number): void
  clearUpcoming(): void
}
