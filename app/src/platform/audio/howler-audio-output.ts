import { Howl, Howler } from 'howler'
import type { AudioOutput, Sound, SoundEvent } from '../../ports/audio-output.ts'

// Howler in html5 mode: a media element from its pool of unlocked ones (iOS), with volume, and released by `unload`.
// Its private fields below are stable since 2.0 and pinned with the version; each has its reason beside it.
type Inner = { readonly _id: number; readonly _node: HTMLAudioElement; _seek: number }
type WithInner = { readonly _sounds: readonly Inner[] }

/** MediaError.MEDIA_ERR_SRC_NOT_SUPPORTED also stands for "the first bytes could not be had". */
const causes: Readonly<Record<number, 'network' | 'format'>> = { 2: 'network', 3: 'format' }

export const createHowlerAudioOutput = (): AudioOutput => {
  // Howler begins at canplaythrough, which on a slow line comes seconds after the first sound is possible.
  ;(Howler as unknown as { _canPlayEvent: string })._canPlayEvent = 'canplay'
  const probe = new Audio()
  return {
    canPlay: (mediaType) => probe.canPlayType(mediaType) !== '',
    open: (source, on) => openSound(source, on),
  }
}

const openSound = (source: Parameters<AudioOutput['open']>[0], on: (event: SoundEvent) => void): Sound => {
  const { url, positionMs, volume } = source
  // The fragment makes the element begin there, without loading the start first (Media Fragments URI 1.0, 4.2.1).
  const src = positionMs > 0 ? `${url}#t=${(positionMs / 1000).toFixed(3)}` : url
  const howl = new Howl({ src: [src], format: ['m4a'], html5: true, preload: true, volume, pool: 1 })
  const inner = (howl as unknown as WithInner)._sounds[0]
  if (inner === undefined) throw new Error('Howler gave no sound')
  const node = inner._node
  // Howler would go back to the start when it begins to play.
  inner._seek = positionMs / 1000
  let wantsSound = false
  let isClosed = false
  const tell = (event: SoundEvent): void => {
    if (!isClosed) on(event)
  }
  const listening = new AbortController()
  const listen = (name: string, listener: () => void): void =>
    node.addEventListener(name, listener, { signal: listening.signal })
  listen('playing', () => tell({ kind: 'sounding' }))
  listen('waiting', () => tell({ kind: 'waiting' }))
  listen('ended', () => tell({ kind: 'ended' }))
  listen('pause', () => wantsSound && !node.ended && node.error === null && !node.seeking && tell({ kind: 'halted' }))
  // Howler drops its own listener at the first error; ours hears the later ones too.
  listen('error', () => tell({ kind: 'failed', cause: causes[node.error?.code ?? 0] ?? 'unknown' }))
  howl.on('playerror', () => wantsSound && node.error === null && tell({ kind: 'blocked' }))
  howl.on('loaderror', (_id, code) => typeof code !== 'number' && tell({ kind: 'failed', cause: 'format' }))

  return {
    play: () => {
      wantsSound = true
      // By id: after a refusal to play, Howler would otherwise take the sound for ended and begin at 0.
      howl.play(inner._id)
    },
    pause: () => {
      wantsSound = false
      howl.pause(inner._id)
    },
    seek: (to) => {
      // While playing Howler would pause and play around it, and seek twice.
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
