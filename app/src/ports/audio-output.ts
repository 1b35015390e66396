/** What a sound tells. Positions are in milliseconds of the music. */
export type SoundEvent =
  /** It sounds now: after play, after a stall, after a seek. */
  | { readonly kind: 'sounding' }
  /** Nothing comes out for want of bytes. */
  | { readonly kind: 'waiting' }
  /** Stopped by somebody else: the system, headphones pulled out. */
  | { readonly kind: 'halted' }
  | { readonly kind: 'ended' }
  /** The browser wants a gesture first. */
  | { readonly kind: 'blocked' }
  /** `network`: worth another try. `format`: this browser does not take it. */
  | { readonly kind: 'failed'; readonly cause: 'network' | 'format' | 'unknown' }

/** One URL being played. Commands never throw; what becomes of them comes as events, none after `close`. */
export type Sound = {
  play(): void
  pause(): void
  seek(positionMs: number): void
  /** 0 to 1. Does nothing where the platform keeps the volume to itself (iOS). */
  setVolume(volume: number): void
  positionMs(): number
  /** Ends it and gives its resources back. */
  close(): void
}

/** What makes sound. Each `open` is a sound of its own, so that the next one can be ready while one plays. */
export type AudioOutput = {
  /** Begins loading; nothing sounds before `play`. */
  open(
    source: { readonly url: string; readonly positionMs: number; readonly volume: number },
    on: (event: SoundEvent) => void,
  ): Sound
  canPlay(mediaType: string): boolean
}
