import { describe, expect, it } from 'vitest'
import type { Transcoder } from '../ports/transcoder.ts'
import { limitDecodedLength } from './limit-decoded-length.ts'

const hourMs = 3_600_000
const signal = new AbortController().signal
const rateHz = 48_000

/** A transcoder that finds so much audio. */
const open = (decodedMs: number) => {
  const lengths: number[] = []
  let decodings = 0
  const transcoder = {
    transcode: () => {
      decodings += 1
      const rendition = { totalSamples: (decodedMs / 1000) * rateHz, sampleRateHz: rateHz }
      return Promise.resolve({ kind: 'transcoded', renditions: [rendition], decodeErrors: 0 })
    },
  } as unknown as Transcoder
  const limited = limitDecodedLength(transcoder, {
    longestMs: 10 * hourMs,
    onLength: (ms) => {
      lengths.push(ms)
      return Promise.resolve()
    },
  })
  const run = (declaredDurationMs: number | undefined) =>
    limited.transcode({ probe: { declaredDurationMs } } as never, signal)
  return { run, lengths, decodings: () => decodings }
}

describe('the limit of the decoded length', () => {
  it('refuses a file that declares too much before it is decoded', async () => {
    const { run, decodings } = open(hourMs)
    expect(await run(10.8 * hourMs)).toMatchObject({
      kind: 'refused',
      code: 'too-long',
      detail: 'It has 10.8 hours of audio; this server takes at most 10.',
    })
    expect(decodings()).toBe(0)
  })

  it('reports the declared length before, and what was not declared afterwards', async () => {
    const honest = open(2 * hourMs)
    expect((await honest.run(2 * hourMs)).kind).toBe('transcoded')
    expect(honest.lengths).toEqual([2 * hourMs])
    const dishonest = open(2 * hourMs)
    expect((await dishonest.run(1000)).kind).toBe('transcoded')
    expect(dishonest.lengths).toEqual([1000, 2 * hourMs - 1000])
    const silent = open(11 * hourMs)
    expect(await silent.run(undefined)).toMatchObject({ code: 'too-long' })
    expect(silent.lengths.reduce((sum, ms) => sum + ms, 0)).toBe(11 * hourMs)
  })
})
