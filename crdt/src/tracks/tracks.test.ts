import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { textFormats } from '../documents/text-formats.ts'
import { parseRecordingId, parseServerId, parseTrackId } from '../ids.ts'
import { parseDurationMs } from '../instant.ts'
import { packedPlaylistEntry } from '../playlists/packed-playlist.ts'
import { aServer, anAccount, anInstant, trackReference } from '../testkit/sample-values.testkit.ts'
import { availabilityOf, matchTrack, type TrackStanding } from './match-track.ts'
import { creditLine, fitReference, fitText } from './track-reference.ts'

describe('fitting', () => {
  const units = fc.string({ unit: 'binary', maxLength: 400 })
  test('[TR1] a fitted reference can always be stored', () => {
    const credits = fc.array(fc.record({ name: units, join: units }), { maxLength: 30 })
    const isrc = fc.oneof(units, fc.constant('us-abc-12-34567'))
    fc.assert(
      fc.property(
        units,
        credits,
        units,
        isrc,
        fc.double({ min: 0, max: 1e9, noNaN: true }),
        (...[title, names, release, code, ms]) => {
          const track = fitReference(
            trackReference('t', {
              title,
              credits: names,
              release: { title: release },
              isrc: code,
              durationMs: parseDurationMs(ms),
            }),
          )
          const text = packedPlaylistEntry.pack({ track, by: anAccount, addedAt: anInstant })
          expect(textFormats.playlistEntry(text)).toBe(true)
          expect(packedPlaylistEntry.unpack(text)!.track).toEqual(track)
        },
      ),
      { numRuns: 200, seed: 3 },
    )
  })
  test('[TR1] the largest reference is within the limit, whatever must be escaped', () => {
    for (const unit of ['"', '\u0001', '音', '😀']) {
      const credits = Array.from({ length: 30 }, () => ({ name: unit.repeat(300), join: unit.repeat(300) }))
      const track = fitReference(
        trackReference('t', { title: unit.repeat(900), credits, release: { title: unit.repeat(900) } }),
      )
      expect(track.credits.length).toBeGreaterThan(0)
      expect(textFormats.playlistEntry(packedPlaylistEntry.pack({ track, by: anAccount, addedAt: anInstant }))).toBe(
        true,
      )
    }
  })
  test('[TR1] texts are cut between characters, and an ISRC is written without separators or left out', () => {
    expect(fitText('ab😀', 3)).toBe('ab')
    expect(fitText('ab😀', 4)).toBe('ab😀')
    expect(fitText('a\ud83d', 4)).toBe('a\ufffd')
    expect(fitReference(trackReference('t', { isrc: 'us-abc-12-34567' })).isrc).toBe('USABC1234567')
    expect(fitReference(trackReference('t', { isrc: 'none' }))).not.toHaveProperty('isrc')
    expect(fitReference(trackReference('t', { durationMs: parseDurationMs(1.6) })).durationMs).toBe(2)
    expect(creditLine(trackReference('t').credits)).toBe('Anna & Bert')
  })
})

test('[TR2] an entry cannot be played here when its server is another one, or its track is gone', () => {
  const catalog = (serverId: string, standing: TrackStanding) => ({
    serverId: parseServerId(serverId),
    standingOf: () => standing,
  })
  const track = trackReference('t')
  expect(availabilityOf(track, catalog('T'.repeat(22), 'present'))).toEqual({ kind: 'other-server', serverId: aServer })
  expect(availabilityOf(track, catalog(aServer, 'gone'))).toEqual({ kind: 'gone' })
  expect(availabilityOf(track, catalog(aServer, 'present'))).toEqual({ kind: 'known' })
  expect(availabilityOf(track, catalog(aServer, 'unknown'))).toEqual({ kind: 'known' })
})

describe('matching', () => {
  const other = parseServerId('T'.repeat(22))
  const wanted = trackReference('t', {
    isrc: 'USABC1234567',
    title: 'Café — Noir',
    durationMs: parseDurationMs(200_000),
  })
  const described = trackReference('d', { serverId: other, title: 'cafe noir', durationMs: parseDurationMs(203_000) })
  const coded = trackReference('c', { serverId: other, isrc: 'USABC1234567', title: 'Else' })
  const recorded = trackReference('r', { recordingId: wanted.recordingId, title: 'Renamed' })

  test('[TR3] the recording decides before the ISRC, and the ISRC before the description', () => {
    expect(matchTrack(wanted, [described, coded, recorded])).toEqual({ track: recorded, by: 'recording' })
    expect(matchTrack(wanted, [described, coded])).toEqual({ track: coded, by: 'isrc' })
    expect(matchTrack(wanted, [described])).toEqual({ track: described, by: 'description' })
    expect(matchTrack(wanted, [])).toBeUndefined()
  })
  test('[TR3] another length, title or credit is another track, and ids of another server mean nothing', () => {
    const differing = [
      { ...described, durationMs: parseDurationMs(203_001) },
      { ...described, title: 'cafe noire' },
      { ...described, credits: [{ name: 'Carl', join: '' }] },
      { ...described, title: 'x', recordingId: wanted.recordingId },
    ]
    expect(matchTrack(wanted, differing)).toBeUndefined()
    const nameless = trackReference('n', { title: '…' })
    expect(matchTrack(nameless, [{ ...nameless, serverId: other }])).toBeUndefined()
    expect(
      matchTrack(trackReference('t', { title: 'A' }), [
        trackReference('u', { title: 'B', recordingId: parseRecordingId('u'.repeat(26)) }),
      ]),
    ).toBeUndefined()
  })
  test('[TR3] among several the same release wins, then the nearest length, then the lowest id, in any order of candidates', () => {
    const candidate = (name: string, release: string, ms: number) => ({
      ...described,
      trackId: parseTrackId(name.repeat(26)),
      release: { title: release },
      durationMs: parseDurationMs(ms),
    })
    const candidates = [
      candidate('a', 'Other', 200_000),
      candidate('d', 'Release', 201_000),
      candidate('c', 'release!', 201_000),
      candidate('b', 'Release', 202_000),
    ]
    fc.assert(
      fc.property(fc.shuffledSubarray(candidates, { minLength: 4 }), (shuffled) => {
        expect(matchTrack(wanted, shuffled)!.track.trackId).toBe('c'.repeat(26))
      }),
      { seed: 4 },
    )
  })
})
