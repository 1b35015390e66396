import { Howl, Howler } from 'howler'
import type { AudioOutput, Sound, SoundEvent } from '../../ports/audio-output.ts'

// Howler in html5 mode: a media element from its pool of unlocked ones (iOS), with volume, and released by `unload`.
// The private fields below are unchanged since 2.0; the version is pinned.
type Inner = { readonly _id: number; readonly _node: HTMLAudioElement; _seek: number }
type WithInner = { readonly _sounds: readonly Inner[] }

/** MediaError.MEDIA_ERR_SRC_NOT_SUPPORTED (4) is also fired when the first bytes could not be loaded. */
const causes: Readonly<Record<number, 'network' | 'format'>> = { 2: 'network', 3: 'format' }

export const createHowlerAudioOutput = (): AudioOutput => {
  // Howler starts at canplaythrough, which on a slow connection comes seconds after playback is possible.
  ;(Howler as unknown as { _canPlayEvent: string })._canPlayEvent = 'canplay'
  const probe = new Audio()
  return {
    canPlay: (mediaType) => probe.canPlayType(mediaType) !== '',
    open: (source, on) => openSound(source, on),
  }
}

const openSound = (source: Parameters<AudioOutput['open']>[0], on: (event: SoundEvent) => void): Sound => {
  const { url, positionMs, volume } = source
  // The fragment makes the element start there without loading the start of the file (Media Fragments URI 1.0, 4.2.1).
  const src = positionMs > 0 ? `${url}#t=${(positionMs / 1000).toFixed(3)}` : url
  const howl = new Howl({ src: [src], format: ['m4a'], html5: true, preload: true, volume, pool: 1 })
  const inner = (howl as unknown as WithInner)._sounds[0]
  if (inner === undefined) throw new Error('Howler made no sound object')
  const node = inner._node
  // Otherwise Howler starts to play at 0.
  inner._seek = positionMs / 1000
  let isPlayWanted = false
  let isClosed = false
  const emit = (event: SoundEvent): void => {
    if (!isClosed) on(event)
  }
  const listening = new AbortController()
  const listen = (name: string, listener: () => void): void =>
    node.addEventListener(name, listener, { signal: listening.signal })
  listen('playing', () => emit({ kind: 'playing' }))
  listen('waiting', () => emit({ kind: 'waiting' }))
  listen('ended', () => emit({ kind: 'ended' }))
  listen('pause', () => isPlayWanted && !node.ended && node.error === null && !node.seeking && emit({ kind: 'paused' }))
  // Howler removes its own listener at the first error; this one gets the later errors too.
  listen('error', () => emit({ kind: 'failed', cause: causes[node.error?.code ?? 0] ?? 'unknown' }))
  howl.on('playerror', () => isPlayWanted && node.error === null && emit({ kind: 'blocked' }))
  howl.on('loaderror', (_id, code) => typeof code !== 'number' && emit({ kind: 'failed', cause: 'format' }))

  return {
    play: () => {
      isPlayWanted = true
      // By id: otherwise, after the browser refused to play, Howler treats the sound as ended and starts at 0.
      howl.play(inner._id)
    },
    pause: () => {
      isPlayWanted = false
      howl.pause(inner._id)
    },
    seek: (to) => {
      // While playing, Howler would pause, seek twice and play.
      if (!node.paused && node.readyState > 0) node.currentTime = to / 1000
      else if (howl.state() === 'loaded') howl.seek(to / 1000, inner._id)
      else {
        inner._seek = to / 1000
        if (node.readyState > 0) node.currentTime = to / 1000
      }
    },
    setVolume: (wanted) => void howl.volume(wanted, inner._id),
    positionMs: () => node.currentTime * 1000,
    close: () => {
      isClosed = true
      listening.abort()
      howl.unload()
    },
  }
}
