import { expect, test } from 'vitest'
import { gainDb, loudnessFor, monoGainDb } from './loudness.ts'
import type { Track } from '@tonestead/protocol/catalog'
import { parseReleaseId } from '@tonestead/crdt/ids'

test.each([
  [-10, -3, -4],
  [-14, -3, 0],
  [-20, -3, 0],
  [-20, 0.5, -1.5],
  [-9, 1, -5],
])('%d LUFS with a peak of %d dBTP gets a gain of %d dB, never above 0', (integratedLufs, truePeakDbtp, expected) =>
  expect(gainDb({ integratedLufs, truePeakDbtp })).toBeCloseTo(expected, 5),
)

test('a release in order is normalized by the album, anything else by the track, unless the setting says otherwise', () => {
  const id = parseReleaseId('a'.repeat(26))
  const album = { integratedLufs: -12, truePeakDbtp: -1 }
  const own = { integratedLufs: -8, truePeakDbtp: -1 }
  const track = { release: { id, title: '' }, albumLoudness: album } as unknown as Track
  const inOrder = { track, own, context: { kind: 'release', id }, isShuffled: false } as const
  expect(loudnessFor({ ...inOrder, setting: 'automatic' })).toBe(album)
  expect(loudnessFor({ ...inOrder, isShuffled: true, setting: 'automatic' })).toBe(own)
  expect(loudnessFor({ ...inOrder, context: { kind: 'tracks' }, setting: 'automatic' })).toBe(own)
  expect(loudnessFor({ ...inOrder, setting: 'track' })).toBe(own)
  expect(loudnessFor({ ...inOrder, context: undefined, setting: 'album' })).toBe(album)
  expect(loudnessFor({ ...inOrder, setting: 'off' })).toBeUndefined()
})

test('mono that is played by two speakers is attenuated to the power of the stereo renditions', () => {
  expect(monoGainDb(1)).toBeCloseTo(-3.01, 2)
  expect(monoGainDb(2)).toBe(0)
})
