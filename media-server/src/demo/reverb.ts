import type { Stereo } from './score.ts'

/** Schroeder's reverberator (1962) with Moorer's damping: four parallel comb filters, then two all-pass filters. Delays in samples at 44.1 kHz. */
const combs = [1557, 1617, 1491, 1422]
const allPasses = [225, 556]
/** The delays of the right channel are this much longer, for a wide stereo sound. */
const spread = 23
const feedback = 0.8
const damping = 0.32
const wet = 0.17

export const addReverb = (sound: Stereo): Stereo => ({
  left: mix(sound.left, reverberate(sound.left, 0)),
  right: mix(sound.right, reverberate(sound.right, spread)),
})

const reverberate = (dry: Float32Array, extra: number): Float32Array => {
  const sum = new Float32Array(dry.length)
  for (const delay of combs) addComb(dry, sum, delay + extra)
  for (const delay of allPasses) applyAllPass(sum, delay + extra)
  return sum
}

const addComb = (input: Float32Array, output: Float32Array, delay: number): void => {
  const line = new Float32Array(delay)
  let low = 0
  for (let index = 0, at = 0; index < input.length; index += 1, at = at + 1 === delay ? 0 : at + 1) {
    const echo = line[at] ?? 0
    low = echo * (1 - damping) + low * damping
    line[at] = (input[index] ?? 0) + low * feedback
    output[index] = (output[index] ?? 0) + echo * 0.25
  }
}

const applyAllPass = (samples: Float32Array, delay: number): void => {
  const line = new Float32Array(delay)
  for (let index = 0, at = 0; index < samples.length; index += 1, at = at + 1 === delay ? 0 : at + 1) {
    const echo = line[at] ?? 0
    const value = samples[index] ?? 0
    line[at] = value + echo * 0.5
    samples[index] = echo - value
  }
}

const mix = (dry: Float32Array, echoes: Float32Array): Float32Array =>
  dry.map((value, index) => value + (echoes[index] ?? 0) * wet)
