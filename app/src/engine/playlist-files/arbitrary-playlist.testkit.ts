import { parseServerId, parseTrackId } from '@tonestead/crdt/ids'
import fc from 'fast-check'
import { entryOf, textOf } from './playlist-file.ts'
import type { WritablePlaylist } from './playlist-file.ts'

const base32 = (units: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(...'abcdefghijklmnopqrstuvwxyz234567'), minLength: units, maxLength: units })

/** Texts with what the formats use themselves. */
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc
    .array(
      fc.constantFrom(
        ' - ',
        '<b>',
        '&amp;',
        ']]>',
        '#',
        '"',
        ',',
        '\n',
        'é',
        'A',
        '\u{2028}',
        '-',
        ' ',
        '\\u0041',
        'é',
      ),
      { maxLength: 8 },
    )
    .map((parts) => parts.join('')),
  fc.constantFrom('x'.repeat(400), 'Anna', '😀'.repeat(200)),
)
const optional = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(value, { nil: undefined })

const location = fc.oneof(
  text.map((name) => `Music/${name}.mp3`),
  text.map((name) => `C:\\${name}`),
  base32(26).map((id) => `https://music.example/track/${id}`),
  fc.webUrl(),
)
const track = fc.record({ serverId: fc.constant(parseServerId('S'.repeat(22))), trackId: base32(26).map(parseTrackId) })

/** Playlists within the limits, as readers make them. */
export const arbitraryPlaylist: fc.Arbitrary<WritablePlaylist> = fc
  .record({
    title: optional(text),
    entries: fc.array(
      fc.record({
        location,
        title: optional(text),
        artist: optional(text),
        album: optional(text),
        durationMs: optional(fc.integer({ min: -5, max: 100_000_000 })),
        isrc: optional(fc.constantFrom('GBAYE0601498', 'gb-aye-06-01498', 'x')),
        track: optional(track),
      }),
      { minLength: 1, maxLength: 5 },
    ),
  })
  .map(({ title, entries }) => {
    const name = textOf(title)
    return {
      ...(name === undefined ? {} : { title: name }),
      entries: entries.map((raw) => ({ location: raw.location, ...entryOf(raw) })),
    }
  })
