import { concat, latin1, utf8, type Bytes } from '@tonestead/protocol/bytes'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { sniffFormat } from './sniff-format.ts'

const sniff = async (bytes: Uint8Array): Promise<string> => {
  const sniffed = await sniffFormat({
    sizeBytes: bytes.length,
    read: (offset, length) => Promise.resolve(bytes.slice(offset, offset + length)),
  })
  return sniffed.kind === 'recognized' ? sniffed.format : sniffed.code
}
const id3 = (claimed: number): Bytes =>
  concat(
    latin1('ID3'),
    Uint8Array.of(4, 0, 0, (claimed >> 21) & 127, (claimed >> 14) & 127, (claimed >> 7) & 127, claimed & 127),
  )
/** Two frames of MPEG-1 layer III at 128 kbit/s and 44.1 kHz: 417 bytes each. */
const mp3 = (): Bytes => {
  const frame = concat(Uint8Array.of(0xff, 0xfb, 0x90, 0x00), new Uint8Array(413))
  return concat(frame, frame, frame)
}

it('recognizes containers by their first bytes', async () => {
  expect(await sniff(latin1('fLaC........'))).toBe('flac')
  expect(await sniff(latin1('RIFF....WAVEfmt '))).toBe('wav')
  expect(await sniff(latin1('FORM....AIFCCOMM'))).toBe('aiff')
  expect(await sniff(latin1('\0\0\0\x20ftypM4A '))).toBe('mov')
  expect(await sniff(mp3())).toBe('mp3')
})

it('skips ID3 tags, and looks inside a tag that claims to be longer than the file', async () => {
  expect(await sniff(concat(id3(100), new Uint8Array(100), mp3()))).toBe('mp3')
  expect(await sniff(concat(id3(20), new Uint8Array(20), latin1('fLaC....')))).toBe('flac')
  expect(await sniff(concat(id3(256 * 1024 * 1024 - 1), mp3()))).toBe('mp3')
})

it('refuses playlists, texts, empty files and unsupported formats, each with its own reason', async () => {
  expect(await sniff(utf8('#EXTM3U\nhttp://example.test/a.ts'))).toBe('playlist')
  expect(await sniff(utf8('\uFEFF#EXTM3U\n'))).toBe('playlist')
  expect(await sniff(utf8('ffconcat version 1.0\n'))).toBe('playlist')
  expect(await sniff(utf8('<!DOCTYPE html><script>1</script>'))).toBe('not-audio')
  expect(await sniff(new Uint8Array(0))).toBe('empty')
  expect(await sniff(latin1('MThd\0\0\0\x06'))).toBe('format-unsupported')
  expect(await sniff(latin1('\x89PNG\r\n\x1a\n'))).toBe('not-audio')
})

it('returns a result for any bytes', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 4000 }), async (bytes) => {
      expect(await sniff(bytes)).toMatch(/^[a-z0-9-]+$/)
    }),
  )
})
