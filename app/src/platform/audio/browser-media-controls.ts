import type { MediaAction, MediaControls } from '../../ports/media-controls.ts'

const defaultSkipMs = 10_000

/** The Media Session API; does nothing where there is none. */
export const createBrowserMediaControls = (): MediaControls => {
  const session = 'mediaSession' in navigator ? navigator.mediaSession : undefined
  return {
    setMedia: (media) => {
      if (session !== undefined)
        session.metadata = media === undefined ? null : new MediaMetadata({ ...media, artwork: [...media.artwork] })
    },
    setState: ({ kind, positionMs, durationMs }) => {
      if (session === undefined) return
      session.playbackState = kind
      if (durationMs <= 0 || kind === 'none') return
      session.setPositionState({
        duration: durationMs / 1000,
        position: Math.min(positionMs, durationMs) / 1000,
        playbackRate: 1,
      })
    },
    onAction: (listener) => {
      if (session === undefined) return
      for (const [name, toAction] of Object.entries(actions))
        handle(session, name as MediaSessionAction, (details) => listener(toAction(details)))
    },
  }
}

const actions: Readonly<Partial<Record<MediaSessionAction, (details: MediaSessionActionDetails) => MediaAction>>> = {
  play: () => ({ kind: 'play' }),
  pause: () => ({ kind: 'pause' }),
  stop: () => ({ kind: 'stop' }),
  nexttrack: () => ({ kind: 'next' }),
  previoustrack: () => ({ kind: 'previous' }),
  seekto: (details) => ({ kind: 'seek', positionMs: (details.seekTime ?? 0) * 1000 }),
  seekforward: (details) => ({
    kind: 'skip',
    byMs: details.seekOffset === undefined ? defaultSkipMs : details.seekOffset * 1000,
  }),
  seekbackward: (details) => ({
    kind: 'skip',
    byMs: -(details.seekOffset === undefined ? defaultSkipMs : details.seekOffset * 1000),
  }),
}

/** A browser that does not know an action throws. */
const handle = (session: MediaSession, name: MediaSessionAction, handler: MediaSessionActionHandler): void => {
  try {
    session.setActionHandler(name, handler)
  } catch {
    // Expected: this browser has no such control.
  }
}
