import type { QueueEntryId } from '@tonestead/crdt/ids'
import type { Context, Queue, Repeat } from '@tonestead/crdt/queue'
import type { Track } from '@tonestead/protocol/catalog'
import type { Readable } from '../readable.ts'
import type { PlaybackState } from './playback-state.ts'

/** The stream that plays now, for the now-playing screen. */
export type StreamInfo = {
  readonly codec: 'aac' | 'flac'
  readonly bitrateBps: number
  readonly sampleRateHz: number
  readonly gainDb: number
  readonly source: 'network' | 'cache'
}

/** What the UI shows of the player. */
export type PlayerView = {
  readonly state: PlaybackState
  readonly queue: Queue
  /** The tracks of all queue entries, by track id. */
  readonly tracks: ReadonlyMap<string, Track>
  readonly current: Track | undefined
  readonly durationMs: number
  /** 0 to 1, as the person set it, before loudness normalization. */
  readonly volume: number
  readonly isMuted: boolean
  readonly streamInfo: StreamInfo | undefined
  /** Whether Next and Previous do something. */
  readonly hasNext: boolean
  readonly hasPrevious: boolean
}

/** The player without a UI: every method changes `view` at once, and none throws. */
export type Player = {
  readonly view: Readable<PlayerView>
  /** The current playback position; may be called for every frame. */
  positionMs(): number
  playTracks(start: {
    context: Context
    tracks: readonly Track[]
    startAt?: number | undefined
    /** The index of each track in the context, when these are not all of it. */
    orders?: readonly number[]
  }): void
  /** [Q12] Further tracks of the context that is played. */
  extendContext(more: { tracks: readonly Track[]; orders: readonly number[]; end: 'first' | 'last' }): void
  /** The play button: resumes, pauses, retries after a failure, starts the queue. */
  toggle(): void
  play(): void
  pause(): void
  /** Plays the next track, also after a failure. */
  next(): void
  /** Goes to the start of the track after 3 s of it, else to the previous one. */
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

/** The player of this page itself. */
export type OwnPlayer = Player & {
  /** Knows these tracks from now on. `to`: goes on with the queue of another device. */
  adopt(tracks: readonly Track[], to?: { queue: Queue; positionMs: number; isWanted: boolean }): void
}
