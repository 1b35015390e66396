import { concat, latin1, utf8, type Bytes } from '@tonestead/protocol/bytes'
import type { Stereo } from './score.ts'
import { synthRateHz } from './synth.ts'

/** ID3v2.4 text frames by name; several values of a frame are separated by NUL. */
export type Id3Frames = Readonly<Record<string, string>>

/** Makes a 16-bit stereo WAV with its tags in an `id3 ` chunk. */
export const writeWav = (sound: Stereo, frames: Id3Frames): Bytes => {
  const format = concat(
    little(1, 2),
    little(2, 2),
    little(synthRateHz, 4),
    little(synthRateHz * 4, 4),
    little(4, 2),
    little(16, 2),
  )
  const body = concat(
    latin1('WAVE'),
    chunk('fmt ', format),
    chunk('data', samplesOf(sound)),
    chunk('id3 ', id3(frames)),
  )
  return concat(latin1('RIFF'), little(body.length, 4), body)
}

const little = (value: number, sizeBytes: 2 | 4): Bytes =>
  Uint8Array.from({ length: sizeBytes }, (_, index) => (value >>> (8 * index)) & 255)

const chunk = (name: string, body: Bytes): Bytes =>
  concat(latin1(name), little(body.length, 4), body, new Uint8Array(body.length % 2))

/** Rounds with triangular dither of one step from a fixed seed, so that quiet ends fade without distortion. */
const samplesOf = ({ left, right }: Stereo): Bytes => {
  const bytes = new Uint8Array(left.length * 4)
  const view = new DataView(bytes.buffer)
  let state = 1
  const noise = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
  for (let index = 0; index < left.length; index += 1) {
    view.setInt16(index * 4, toInt16(left[index] ?? 0, noise() - noise()), true)
    view.setInt16(index * 4 + 2, toInt16(right[index] ?? 0, noise() - noise()), true)
  }
  return bytes
}

const toInt16 = (value: number, dither: number): number =>
  Math.max(-32768, Math.min(32767, Math.round(value * 32767 + dither)))

/** ID3v2.4.0, section 3 and 4: sizes in seven bits a byte; encoding 3 is UTF-8. */
const id3 = (frames: Id3Frames): Bytes => {
  const body = concat(
    ...Object.entries(frames).map(([name, text]) => {
      const content = concat(Uint8Array.of(3), utf8(text))
      return concat(latin1(name), syncSafe(content.length), new Uint8Array(2), content)
    }),
  )
  return concat(latin1('ID3'), Uint8Array.of(4, 0, 0), syncSafe(body.length), body)
}

const syncSafe = (value: number): Bytes =>
  Uint8Array.of((value >> 21) & 127, (value >> 14) & 127, (value >> 7) & 127, value & 127)
