import { addReverb } from './reverb.ts'
import type { Score, ScoreNote, Stereo } from './score.ts'

export const synthRateHz = 44_100
const tailSeconds = 3
const peak = 0.84

/** Renders a score to audio. The same score gives the same samples on every machine. */
export const renderScore = (score: Score): Stereo => {
  const secondsPerBeat = 60 / score.beatsPerMinute
  const beats = score.notes.reduce((last, note) => Math.max(last, note.at + note.beats), 0)
  const length = Math.ceil((beats * secondsPerBeat + tailSeconds) * synthRateHz)
  const sound = { left: new Float32Array(length), right: new Float32Array(length) }
  score.notes.forEach((note, index) => {
    const tone = renderTone(note, note.beats * secondsPerBeat, index + 1)
    place(sound, tone, { start: Math.round(note.at * secondsPerBeat * synthRateHz), pan: panOf(note) })
  })
  return finish(addReverb(sound))
}

const renderTone = (note: ScoreNote, seconds: number, seed: number): Float32Array => {
  switch (note.instrument) {
    case 'piano':
      return pianoTone(note, seconds)
    case 'plucked':
      return pluckedTone(note, seconds, seed)
    case 'reed':
      return reedTone(note, seconds)
  }
}

const hertzOf = (pitch: number): number => 440 * 2 ** ((pitch - 69) / 12)

/** Low notes on the left, high notes on the right, as a pianist hears them. */
const panOf = (note: ScoreNote): number =>
  Math.max(-0.6, Math.min(0.6, (note.pitch - 62) / 40)) + (note.instrument === 'reed' ? 0.15 : 0)

const place = (sound: Stereo, tone: Float32Array, where: { start: number; pan: number }): void => {
  const angle = ((where.pan + 1) * Math.PI) / 4
  const [leftGain, rightGain] = [Math.cos(angle), Math.sin(angle)]
  const end = Math.min(tone.length, sound.left.length - where.start)
  for (let index = 0; index < end; index += 1) {
    const value = tone[index] ?? 0
    sound.left[where.start + index] = (sound.left[where.start + index] ?? 0) + value * leftGain
    sound.right[where.start + index] = (sound.right[where.start + index] ?? 0) + value * rightGain
  }
}

/** Partials that are a little sharp and die away the faster the higher they are, as a stiff struck string's do. */
const pianoTone = (note: ScoreNote, seconds: number): Float32Array => {
  const release = 0.35
  const tone = new Float32Array(Math.ceil((seconds + release) * synthRateHz))
  const hertz = hertzOf(note.pitch)
  const brightness = 1.75 - 0.7 * note.force
  for (let partial = 1; partial <= 9; partial += 1) {
    const frequency = hertz * partial * Math.sqrt(1 + 0.0004 * partial * partial)
    if (frequency > 15_000) break
    const decay = 0.55 + (hertz / 440) * 0.5 + partial * 0.28
    addPartial(tone, { frequency, gain: (note.force * 0.32) / partial ** brightness, decay })
    // A second, slightly detuned string: the tone beats slowly, like that of a piano.
    if (partial <= 3)
      addPartial(tone, {
        frequency: frequency * 1.0007,
        gain: (note.force * 0.14) / partial ** brightness,
        decay: decay * 0.8,
      })
  }
  shape(tone, { attack: 0.004, release, sustain: seconds })
  return tone
}

/** A decaying sine by recursion: y[n] = 2r·cos(w)·y[n-1] - r²·y[n-2]. `decay` in nepers a second. */
const addPartial = (
  tone: Float32Array,
  { frequency, gain, decay }: { frequency: number; gain: number; decay: number },
): void => {
  const step = (2 * Math.PI * frequency) / synthRateHz
  const shrink = Math.exp(-decay / synthRateHz)
  const feedback = 2 * shrink * Math.cos(step)
  const squared = shrink * shrink
  let before = 0
  let current = gain * shrink * Math.sin(step)
  for (let index = 1; index < tone.length; index += 1) {
    tone[index] = (tone[index] ?? 0) + current
    const next = feedback * current - squared * before
    before = current
    current = next
  }
}

const shape = (
  tone: Float32Array,
  { attack, release, sustain }: { attack: number; release: number; sustain: number },
): void => {
  const attackSamples = attack * synthRateHz
  const releaseFrom = sustain * synthRateHz
  const releaseSamples = release * synthRateHz
  for (let index = 0; index < tone.length; index += 1) {
    const rise = Math.min(1, index / attackSamples)
    const fall = index < releaseFrom ? 1 : Math.max(0, 1 - (index - releaseFrom) / releaseSamples)
    tone[index] = (tone[index] ?? 0) * rise * fall * fall
  }
}

/** Karplus and Strong, 1983: a burst of noise in a delay line, averaged over two samples in every pass. */
const pluckedTone = (note: ScoreNote, seconds: number, seed: number): Float32Array => {
  const release = 0.4
  const tone = new Float32Array(Math.ceil((seconds + release) * synthRateHz))
  const period = synthRateHz / hertzOf(note.pitch) - 0.5
  const whole = Math.floor(period)
  const fraction = period - whole
  const string = softNoise(whole + 1, seed)
  let previous = 0
  for (let index = 0, at = 0; index < tone.length; index += 1, at = (at + 1) % string.length) {
    const value = string[at] ?? 0
    const next = string[(at + 1) % string.length] ?? 0
    const tuned = value * (1 - fraction) + next * fraction
    tone[index] = value * note.force * 0.55
    string[at] = 0.9975 * 0.5 * (tuned + previous)
    previous = tuned
  }
  shape(tone, { attack: 0.002, release, sustain: seconds })
  return tone
}

/** Low-pass filtered noise from a linear congruential generator, so that a plucked tone does not start with a click. */
const softNoise = (length: number, seed: number): Float32Array => {
  const noise = new Float32Array(length)
  let state = (seed * 2654435761) >>> 0
  let filtered = 0
  for (let index = 0; index < length; index += 1) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    filtered = filtered * 0.55 + (state / 2 ** 31 - 1) * 0.45
    noise[index] = filtered
  }
  const mean = noise.reduce((sum, value) => sum + value, 0) / length
  return noise.map((value) => value - mean)
}

/** The tone of a small organ pipe: few steady partials, a soft attack, a slight tremolo. */
const reedTone = (note: ScoreNote, seconds: number): Float32Array => {
  const release = 0.18
  const tone = new Float32Array(Math.ceil((seconds + release) * synthRateHz))
  const hertz = hertzOf(note.pitch)
  const gains = [0.3, 0.11, 0.08, 0.03, 0.02]
  gains.forEach((gain, index) => {
    addPartial(tone, { frequency: hertz * (index + 1), gain: gain * note.force, decay: 0.25 })
  })
  for (let index = 0; index < tone.length; index += 1)
    tone[index] = (tone[index] ?? 0) * (1 + 0.06 * Math.sin((2 * Math.PI * 4.6 * index) / synthRateHz))
  shape(tone, { attack: 0.045, release, sustain: seconds })
  return tone
}

/** Normalizes the highest peak to `peak` and fades out the end. */
const finish = (sound: Stereo): Stereo => {
  const { length } = sound.left
  let highest = 0
  for (const channel of [sound.left, sound.right])
    for (const value of channel) highest = Math.max(highest, Math.abs(value))
  const fade = synthRateHz * 1.5
  for (const channel of [sound.left, sound.right]) {
    for (let index = 0; index < length; index += 1)
      channel[index] =
        ((channel[index] ?? 0) * peak * Math.min(1, (length - 1 - index) / fade)) / Math.max(highest, 1e-9)
  }
  return sound
}
