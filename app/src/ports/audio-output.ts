/** Events of a sound. Positions are in milliseconds of the music. */
export type SoundEvent =
  /** Playback runs: after play, after a stall, after a seek (as `playing` of HTMLMediaElement). */
  | { readonly kind: 'playing' }
  /** Playback stalls, since data is missing. */
  | { readonly kind: 'waiting' }
  /** Paused, but not by `pause()`: by the system, or because headphones were unplugged. */
  | { readonly kind: 'paused' }
  | { readonly kind: 'ended' }
  /** The autoplay policy of the browser wants a click first. */
  | { readonly kind: 'blocked' }
  /** `network`: a retry may help. `format`: this browser does not play it. */
  | { readonly kind: 'failed'; readonly cause: 'network' | 'format' | 'unknown' }

/** One URL that is played. Commands never throw; their results come as events, none of them after `close`. */
export type Sound = {
  play(): void
  pause(): void
  seek(positionMs: number): void
  /** 0 to 1. Does nothing where pages cannot set the volume (iOS). */
  setVolume(volume: number): void
  positionMs(): number
  /** Stops it and releases its resources. */
  close(): void
}

/** The audio output. Each `open` makes a sound of its own, so that the next one can be prepared while one plays. */
export type AudioOutput = {
  /** Starts to load. Nothing plays before `play()`. */
  open(
    source: { readonly url: string; readonly positionMs: number; readonly volume: number },
    on: (event: SoundEvent) => void,
  ): Sound
  canPlay(mediaType: string): boolean
}
