import { expect, test } from 'vitest'
import { streamInfoText } from './stream-info-text.ts'

test('the text names codec, gain and source', () => {
  expect(
    streamInfoText({ codec: 'aac', bitrateBps: 247_300, sampleRateHz: 48_000, gainDb: -2.1, source: 'cache' }),
  ).toBe('AAC 256 → −2.1 dB, from this device')
  expect(
    streamInfoText({ codec: 'flac', bitrateBps: 900_000, sampleRateHz: 44_100, gainDb: 0, source: 'network' }),
  ).toBe('FLAC 44.1 kHz, from the server')
})
