import { expect, it } from 'vitest'
import { demoScores } from './demo-scores.ts'
import type { Instrument } from './score.ts'
import { renderScore, synthRateHz } from './synth.ts'

/** The fundamental by autocorrelation with parabolic interpolation, in Hz. */
const pitchHz = (samples: Float32Array): number => {
  const product = (lag: number): number => {
    let sum = 0
    for (let index = 8000; index < 14_000; index += 1) sum += (samples[index] ?? 0) * (samples[index + lag] ?? 0)
    return sum
  }
  let best = 60
  for (let lag = 60; lag < 600; lag += 1) if (product(lag) > product(best) * 1.02) best = lag
  for (const next of [best + 1, best - 1]) if (product(next) > product(best)) best = next
  const [before, at, after] = [product(best - 1), product(best), product(best + 1)]
  return synthRateHz / (best + (before - after) / (2 * (before - 2 * at + after)))
}

it.each<Instrument>(['piano', 'plucked', 'reed'])('plays a %s in tune', (instrument) => {
  const { left } = renderScore({
    file: '',
    title: '',
    composer: '',
    year: 1,
    beatsPerMinute: 60,
    notes: [{ at: 0, beats: 2, pitch: 57, force: 0.6, instrument }],
  })
  const cents = 1200 * Math.log2(pitchHz(left) / 220)
  expect(Math.abs(cents)).toBeLessThan(12)
})

it('never clips, fades to silence, and lasts less than three minutes in total', () => {
  const lengths = demoScores.map((score) => {
    const { left, right } = renderScore(score)
    expect(
      Math.max(
        left.reduce((a, b) => Math.max(a, Math.abs(b)), 0),
        right.reduce((a, b) => Math.max(a, Math.abs(b)), 0),
      ),
    ).toBeLessThan(0.95)
    expect(Math.abs(left.at(-1) ?? 1)).toBeLessThan(1e-4)
    return left.length / synthRateHz
  })
  expect(lengths.every((seconds) => seconds >= 30 && seconds <= 60)).toBe(true)
  expect(lengths.reduce((one, other) => one + other)).toBeLessThan(180)
})
