import { aacRenditions, nominalBitrateOf } from '@tonestead/protocol/rendition'
import type { StreamInfo } from '../../engine/playback/player.ts'

// The text shows the nominal bit rate of the rendition; the measured one varies with the music.
const nominalKbps = aacRenditions.map((name) => nominalBitrateOf(name) / 1000)
const nominal = (kbps: number): number =>
  nominalKbps.toSorted((a, b) => Math.abs(a - kbps) - Math.abs(b - kbps))[0] ?? kbps

const codecText = ({ codec, bitrateBps, sampleRateHz }: StreamInfo): string =>
  codec === 'aac' ? `AAC ${nominal(bitrateBps / 1000)}` : `FLAC ${sampleRateHz / 1000} kHz`

/** `AAC 256 → −2.1 dB, from this device`: codec, gain and source of the playing stream. */
export const streamInfoText = (info: StreamInfo): string => {
  const gain =
    Math.abs(info.gainDb) < 0.05 ? '' : ` → ${info.gainDb < 0 ? '−' : '+'}${Math.abs(info.gainDb).toFixed(1)} dB`
  return `${codecText(info)}${gain}, ${info.source === 'cache' ? 'from this device' : 'from the server'}`
}
