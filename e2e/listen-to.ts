import type { Page } from 'playwright-core'
import { placeIn, sampleRateHz, type Sound } from '../harness/sound.ts'
import { clearRecording, recorded } from './capture.ts'

/** A recording beside its source. `drift` in samples; `worstFit` of the worst piece, 1 is equal; `startsAt` in seconds of the source. */
export type Comparison = { readonly drift: number; readonly worstFit: number; readonly startsAt: number }

/** Finds half a second of every second of the recording in the source. */
export const compare = (sound: Sound, recording: Float32Array): Comparison => {
  const firstLoud = recording.findIndex((sample) => Math.abs(sample) > 0.002)
  const from = firstLoud + sampleRateHz / 4
  const length = sampleRateHz / 2
  const first = placeIn(sound.left, recording.subarray(from, from + length), {
    near: sound.left.length / 2,
    reach: sound.left.length / 2,
  })
  let drift = 0
  let worstFit = first.fit
  for (let offset = from; offset + length < recording.length - sampleRateHz / 4; offset += sampleRateHz) {
    const near = first.offset + offset - from
    const place = placeIn(sound.left, recording.subarray(offset, offset + length), { near, reach: 600 })
    drift = Math.max(drift, Math.abs(place.offset - near))
    worstFit = Math.min(worstFit, place.fit)
  }
  return { drift, worstFit, startsAt: (first.offset - from + firstLoud) / sampleRateHz }
}

export const isExact = ({ drift, worstFit }: Comparison): boolean => drift === 0 && worstFit > 0.9

/**
 * Records for some seconds and compares. On an overloaded machine the recorder itself loses a block now and then, each time at another
 * place. A wrong stream is wrong every time. So a recording that is not exact is repeated, twice at most.
 */
export const listenTo = async (page: Page, sound: Sound, seconds: number): Promise<Comparison> => {
  let result = compare(sound, await record(page, seconds))
  for (let again = 0; again < 2 && !isExact(result); again += 1) result = compare(sound, await record(page, seconds))
  return result
}

const record = async (page: Page, seconds: number): Promise<Float32Array> => {
  await clearRecording(page)
  await page.waitForTimeout(seconds * 1000)
  return recorded(page)
}
