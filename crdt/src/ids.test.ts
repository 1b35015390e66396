import { expect, test } from 'vitest'
import {
  parseAccountId,
  parseArtistId,
  parseChunkId,
  parseDeviceId,
  parseEntryId,
  parseIntentId,
  parseQueueEntryId,
  parseRecordingId,
  parseReleaseId,
  parseServerId,
  parseTrackId,
} from './ids.ts'

const catalogParsers = {
  parseArtistId,
  parseEntryId,
  parseIntentId,
  parseQueueEntryId,
  parseRecordingId,
  parseReleaseId,
  parseTrackId,
}
const keyParsers = { parseAccountId, parseDeviceId }

test.each(Object.entries(catalogParsers))(
  '[I1] [I4] %s accepts 26 characters of base32 and nothing else',
  (_name, parse) => {
    expect(parse('abcdefghijklmnopqrstuvwx27')).toBe('abcdefghijklmnopqrstuvwx27')
    for (const wrong of [
      '',
      'a'.repeat(25),
      'a'.repeat(27),
      'A'.repeat(26),
      `${'a'.repeat(25)}1`,
      `${'a'.repeat(26)}\n`,
      ` ${'a'.repeat(25)}`,
    ])
      expect(() => parse(wrong)).toThrow(TypeError)
  },
)
test.each(Object.entries(keyParsers))(
  '[I2] [I4] %s accepts 52 characters of base32 and nothing else',
  (_name, parse) => {
    expect(parse('b'.repeat(52))).toBe('b'.repeat(52))
    for (const wrong of ['b'.repeat(51), 'b'.repeat(53), '8'.repeat(52)]) expect(() => parse(wrong)).toThrow(TypeError)
  },
)
test('[I3] [I4] parseChunkId accepts 64 lowercase hexadecimal characters and nothing else', () => {
  expect(parseChunkId('0f'.repeat(32))).toBe('0f'.repeat(32))
  for (const wrong of ['0f'.repeat(31), '0F'.repeat(32), '../'.repeat(21) + '.', `${'0f'.repeat(32)}\n`])
    expect(() => parseChunkId(wrong)).toThrow(TypeError)
})
test('[I4] [I5] parseServerId accepts 22 characters of base64url and nothing else', () => {
  expect(parseServerId('aZ09_-aZ09_-aZ09_-aZ09')).toBe('aZ09_-aZ09_-aZ09_-aZ09')
  for (const wrong of ['', 'a'.repeat(21), 'a'.repeat(23), `${'a'.repeat(21)}+`, `${'a'.repeat(22)}\n`])
    expect(() => parseServerId(wrong)).toThrow(TypeError)
})
