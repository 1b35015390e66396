import type { Page } from 'playwright-core'
import { forgetHeard, heard } from './capture.ts'
import { placeIn, sampleRateHz, type Sound } from '../harness/sound.ts'

/** In samples; how well the worst piece fits, 1 being equal; and where in the sound it began, in seconds. */
export type Heard = { readonly drift: number; readonly worstFit: number; readonly startsAt: number }

/** Places half-second pieces of what was heard, one a second; answers how far each stands from the first, and the worst fit. */
export const compare = (sound: Sound, pieces: Float32Array): Heard => {
  const loud = pieces.findIndex((sample) => Math.abs(sample) > 0.002)
  const from = loud + sampleRateHz / 4
  const length = sampleRateHz / 2
  const whole = placeIn(sound.left, pieces.subarray(from, from + length), {
    near: sound.left.length / 2,
    reach: sound.left.length / 2,
  })
  let drift = 0
  let worstFit = whole.fit
  for (let offset = from; offset + length < pieces.length - sampleRateHz / 4; offset += sampleRateHz) {
    const near = whole.offset + offset - from
    const place = placeIn(sound.left, pieces.subarray(offset, offset + length), { near, reach: 600 })
    drift = Math.max(drift, Math.abs(place.offset - near))
    worstFit = Math.min(worstFit, place.fit)
  }
  return { drift, worstFit, startsAt: (whole.offset - from + loud) / sampleRateHz }
}

export const isExact = ({ drift, worstFit }: Heard): boolean => drift === 0 && worstFit > 0.9

/**
 * Hears what comes for some seconds and compares. The recorder itself loses a block when the machine is overloaded, once here and once
 * there; a stream that is wrong is wrong each time, so what is not exact gets two more hearings.
 */
export const listenTo = async (page: Page, sound: Sound, seconds: number): Promise<Heard> => {
  let result = compare(sound, await listen(page, seconds))
  for (let again = 0; again < 2 && !isExact(result); again += 1) result = compare(sound, await listen(page, seconds))
  return result
}

const listen = async (page: Page, seconds: number): Promise<Float32Array> => {
  await forgetHeard(page)
  await page.waitForTimeout(seconds * 1000)
  return heard(page)
}
