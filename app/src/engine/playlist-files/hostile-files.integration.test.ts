import fc from 'fast-check'
import { expect, test } from 'vitest'
import { arbitraryPlaylist } from './arbitrary-playlist.testkit.ts'
import { fileLimits, playlistFormats } from './playlist-file.ts'
import { readPlaylistFile } from './read-playlist-file.ts'
import { writePlaylistFile } from './write-playlist-file.ts'

/** Parts of the formats, at places where they do not belong. */
const parts = [
  '<',
  '>',
  '</',
  '/>',
  '<!--',
  '-->',
  '<![CDATA[',
  ']]>',
  '<!DOCTYPE x [',
  '<!ENTITY a "b">',
  '&a;',
  '&#x110000;',
  '&#0;',
  '&amp',
  '"',
  "'",
  '<playlist>',
  '<trackList>',
  '<track>',
  '</track>',
  '{',
  '}',
  '[',
  ']',
  '"playlist":',
  '"track":[',
  '__proto__',
  '\n',
  '\r',
  '#EXTM3U',
  '#EXTINF:',
  '#EXTINF:-1 a="',
  '#TONESTEAD:{"track":',
  '\0',
  '\u{feff}',
  '\ud800',
  '\u{2028}',
  ' - ',
] as const

type Mutation = { readonly at: number; readonly removed: number; readonly added: string }
const mutation: fc.Arbitrary<Mutation> = fc.record({
  at: fc.nat(5_000),
  removed: fc.nat(12),
  added: fc.oneof(fc.constantFrom(...parts), fc.string({ unit: 'binary', maxLength: 4 })),
})
const mutated = (text: string, mutations: readonly Mutation[]): string =>
  mutations.reduce((result, { at, removed, added }) => {
    const place = at % (result.length + 1)
    return result.slice(0, place) + added + result.slice(place + removed)
  }, text)

const file = fc.oneof(
  {
    weight: 8,
    arbitrary: fc
      .record({
        playlist: arbitraryPlaylist,
        format: fc.constantFrom(...playlistFormats),
        mutations: fc.array(mutation, { maxLength: 8 }),
      })
      .map(({ playlist, format, mutations }) => {
        const { name, bytes } = writePlaylistFile(playlist, format)
        return { name, bytes: new TextEncoder().encode(mutated(new TextDecoder().decode(bytes), mutations)) }
      }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ name: fc.constantFrom('a.m3u', 'b.xspf', 'c'), bytes: fc.uint8Array({ maxLength: 200 }) }),
  },
  {
    weight: 1,
    arbitrary: fc
      .array(fc.constantFrom(...parts), { maxLength: 60 })
      .map((all) => ({ name: 'a.m3u8', bytes: new TextEncoder().encode(all.join('')) })),
  },
)

test('[PF3] no file of 10,000 that were altered at random makes the reader throw, and what is read is within the limits', () => {
  const kinds = new Set<string>()
  fc.assert(
    fc.property(file, (given) => {
      const result = readPlaylistFile(given)
      kinds.add(result.kind === 'read' ? 'read' : result.reason)
      if (result.kind !== 'read') return
      expect(result.playlist.entries.length).toBeLessThanOrEqual(fileLimits.entries)
      for (const { location = '', title = '', artist = '', album = '' } of result.playlist.entries) {
        expect(location.length).toBeLessThanOrEqual(fileLimits.locationUnits)
        for (const text of [title, artist, album]) {
          expect(text.length).toBeLessThanOrEqual(fileLimits.textUnits)
          expect(text).not.toMatch(/[\p{Cc}\p{Cs}\u2028]/u)
        }
      }
    }),
    { numRuns: 10_000 },
  )
  expect([...kinds].toSorted()).toEqual(['broken', 'empty', 'not-a-playlist', 'read'])
})

const large = (begin: string, part: string): Uint8Array =>
  new TextEncoder().encode(begin + part.repeat(Math.floor((fileLimits.bytes - begin.length) / part.length)))

test.each([
  ['elements without end', large('<playlist>', '<a>')],
  ['attributes', large('<playlist', ' a="b"')],
  ['spaces in a tag', large('<playlist', ' ')],
  ['ampersands', large('<playlist><title>', '&')],
  ['comments that do not end', large('<playlist>', '<!--')],
  ['short elements', large('<playlist>', '<a/>')],
  ['nested lists', large('{"playlist":', '[')],
  ['empty lines', large('#EXTM3U', '\n')],
  ['carriage returns', large('#EXTM3U', '\r')],
  ['a line without end', large('#EXTM3U\n#EXTINF:1', ' a="b"')],
  ['directives', large('#EXTM3U\n', '#EXTALB:x\n')],
  ['entries', large('#EXTM3U\n', 'a\n')],
  ['open quotes', large('<playlist a="', "'")],
])('[PF3] a file of the largest size made of %s is read to its end', (_, bytes) => {
  const result = readPlaylistFile({ name: 'large.m3u8', bytes })
  expect(['read', 'unreadable']).toContain(result.kind)
})
