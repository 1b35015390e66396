/** The track as the system shows it (MediaMetadata of the Media Session API). */
export type MediaInfo = {
  readonly title: string
  readonly artist: string
  readonly album: string
  /** Covers by path, the smallest first. */
  readonly artwork: readonly { readonly src: string; readonly sizes: string; readonly type: string }[]
}

/** What a person did on these controls. `skip`: relative to the position. */
export type MediaAction =
  | { readonly kind: 'play' | 'pause' | 'next' | 'previous' | 'stop' }
  | { readonly kind: 'seek'; readonly positionMs: number }
  | { readonly kind: 'skip'; readonly byMs: number }

/** The media controls of the system: lock screen, media keys, headset. */
export type MediaControls = {
  setMedia(media: MediaInfo | undefined): void
  setState(state: {
    readonly kind: 'none' | 'playing' | 'paused'
    readonly positionMs: number
    readonly durationMs: number
  }): void
  onAction(listener: (action: MediaAction) => void): void
}
