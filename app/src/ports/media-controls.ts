export type ShownMedia = {
  readonly title: string
  readonly artist: string
  readonly album: string
  /** Pictures by path, smallest first. */
  readonly artwork: readonly { readonly src: string; readonly sizes: string; readonly type: string }[]
}

export type MediaAction =
  | { readonly kind: 'play' | 'pause' | 'next' | 'previous' | 'stop' }
  | { readonly kind: 'seek'; readonly positionMs: number }
  | { readonly kind: 'skip'; readonly byMs: number }

/** The system's own controls: lock screen, media keys, headset. */
export type MediaControls = {
  show(media: ShownMedia | undefined): void
  setState(state: {
    readonly kind: 'none' | 'playing' | 'paused'
    readonly positionMs: number
    readonly durationMs: number
  }): void
  onAction(listener: (action: MediaAction) => void): void
}
