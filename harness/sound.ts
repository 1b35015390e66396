import { writeFile } from 'node:fs/promises'

// Synthesized sound in which no two moments are alike, so that the position of a recording in it can be found by correlation.

export const sampleRateHz = 48_000

/** Two channels of samples from -1 to 1. */
export type Sound = { readonly left: Float32Array; readonly right: Float32Array }

const seeded = (seed: number) => (): number => {
  seed = (seed * 1_664_525 + 1_013_904_223) >>> 0
  return seed / 2 ** 32
}

/** Overlapping short notes of random pitch: codecs preserve them at low bit rates, and no two seconds are alike. */
export const makeSound = (seconds: number, seed: number): Sound => {
  const random = seeded(seed)
  const length = Math.round(seconds * sampleRateHz)
  const [left, right] = [new Float32Array(length), new Float32Array(length)]
  for (let start = 0; start < length; start += 3600) {
    const frequency = 110 * 2 ** (random() * 4)
    const pan = random()
    const noteLength = Math.min(length - start, 14_400)
    for (let index = 0; index < noteLength; index += 1) {
      const envelope = Math.min(1, index / 240) * Math.exp((-5 * index) / 14_400)
      const sample =
        0.22 *
        envelope *
        (Math.sin((2 * Math.PI * frequency * index) / sampleRateHz) +
          0.3 * Math.sin((4 * Math.PI * frequency * index) / sampleRateHz))
      left[start + index] = (left[start + index] ?? 0) + sample * (1 - 0.6 * pan)
      right[start + index] = (right[start + index] ?? 0) + sample * (0.4 + 0.6 * pan)
    }
  }
  return { left, right }
}

/** 16-bit WAV without tags: the server reads title and album from the names of file and folder. */
export const writeWav = async (path: string, sound: Sound): Promise<void> => {
  const bytes = Buffer.alloc(44 + sound.left.length * 4)
  bytes.write('RIFF', 0, 'latin1')
  bytes.writeUInt32LE(bytes.length - 8, 4)
  bytes.write('WAVEfmt ', 8, 'latin1')
  bytes.writeUInt32LE(16, 16)
  bytes.writeUInt16LE(1, 20)
  bytes.writeUInt16LE(2, 22)
  bytes.writeUInt32LE(sampleRateHz, 24)
  bytes.writeUInt32LE(sampleRateHz * 4, 28)
  bytes.writeUInt16LE(4, 32)
  bytes.writeUInt16LE(16, 34)
  bytes.write('data', 36, 'latin1')
  bytes.writeUInt32LE(sound.left.length * 4, 40)
  const toInt16 = (sample: number): number => Math.max(-32_768, Math.min(32_767, Math.round(sample * 32_767)))
  sound.left.forEach((sample, index) => {
    bytes.writeInt16LE(toInt16(sample), 44 + index * 4)
    bytes.writeInt16LE(toInt16(sound.right[index] ?? 0), 46 + index * 4)
  })
  await writeFile(path, bytes)
}

/** The position of a piece of a recording in the source, in samples; `fit` is the correlation, 1 for the same shape. */
export type Place = { readonly offset: number; readonly fit: number }

const correlation = (piece: Float32Array, source: Float32Array, at: { offset: number; step: number }): number => {
  let [cross, ours, theirs] = [0, 0, 0]
  for (let index = 0; index < piece.length; index += at.step) {
    const a = piece[index] ?? 0
    const b = source[at.offset + index] ?? 0
    cross += a * b
    ours += a * a
    theirs += b * b
  }
  return ours === 0 || theirs === 0 ? 0 : cross / Math.sqrt(ours * theirs)
}

/** Searches around `near` (± `reach` samples): first every fourth offset with every seventh sample, then every offset around the best. */
export const placeIn = (source: Float32Array, piece: Float32Array, search: { near: number; reach: number }): Place => {
  let best: Place = { offset: 0, fit: -1 }
  const consider = (offset: number, step: number): void => {
    if (offset < 0 || offset + piece.length > source.length) return
    const fit = correlation(piece, source, { offset, step })
    if (fit > best.fit) best = { offset, fit }
  }
  for (let offset = search.near - search.reach; offset <= search.near + search.reach; offset += 4) consider(offset, 7)
  const coarse = best.offset
  best = { offset: coarse, fit: -1 }
  for (let offset = coarse - 24; offset <= coarse + 24; offset += 1) consider(offset, 1)
  return best
}
