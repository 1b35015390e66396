import { fromBase64Url, toBase32 } from '@tonestead/protocol/bytes'
import type { Track } from '@tonestead/protocol/catalog'
import type { SigningJwk } from '@tonestead/protocol/device-log'
import { decodeManifestHead, type ManifestHead } from '@tonestead/protocol/manifest'
import { highestAac } from '@tonestead/protocol/rendition'
import type { Clock } from '../../ports/clock.ts'
import type { Log } from '../../ports/log.ts'
import type { PlayRecord, PlayStore } from '../../ports/play-store.ts'
import type { Random } from '../../ports/random.ts'
import type { Settings } from '../settings/settings.ts'

export type Play = { readonly playId: string; readonly url: string; readonly head: ManifestHead }

/** Plays older than this belong to closed tabs. */
const oldPlayMs = 86_400_000

export type PlaySetup = {
  /** The head that a track is played by at this quality. */
  headOf(track: Track, quality: Settings['quality']): ManifestHead
  /** Writes the play record for the worker, and returns the URL to play from. */
  begin(track: Track, options: { quality: Settings['quality']; serverKey: SigningJwk }): Promise<Play>
  end(playId: string): void
  dropOld(): void
}

const streamUrl = (playId: string): string => `/stream/${playId}.m4a`

export const createPlaySetup = (deps: {
  plays: PlayStore
  clock: Clock
  random: Random
  log: Log
  canPlayFlac: boolean
}): PlaySetup => {
  const signedHeadOf = (track: Track, quality: Settings['quality']) =>
    fromBase64Url(
      quality === 'lossless' && deps.canPlayFlac && track.heads.flac !== undefined ? track.heads.flac : track.heads.aac,
    )

  return {
    headOf: (track, quality) => decodeSigned(signedHeadOf(track, quality)),
    begin: async (track, { quality, serverKey }) => {
      const signedHead = signedHeadOf(track, quality)
      const head = decodeSigned(signedHead)
      const playId = toBase32(deps.random.bytes(16))
      await deps.plays.put({
        playId,
        signedHead,
        serverKey,
        quality: qualityOf(quality, head),
        createdAtMs: deps.clock.now(),
      })
      return { playId, url: streamUrl(playId), head }
    },
    end: (playId) => void deps.plays.drop([playId], 0).catch(deps.log.failed('a play was not deleted')),
    dropOld: () =>
      void deps.plays.drop([], deps.clock.now() - oldPlayMs).catch(deps.log.failed('old plays were not deleted')),
  }
}

const signatureBytes = 64

/** For what the page shows and for the volume. The worker verifies the signature before it uses a head. */
const decodeSigned = (signed: Uint8Array): ManifestHead =>
  decodeManifestHead(signed.subarray(0, signed.length - signatureBytes))

const qualityOf = (quality: Settings['quality'], head: ManifestHead): PlayRecord['quality'] => {
  if (head.ladder === 'flac') return 'flac'
  return quality === 'lossless' ? highestAac : quality
}
