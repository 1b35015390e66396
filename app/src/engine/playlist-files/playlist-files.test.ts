import { parseServerId, parseTrackId } from '@tonestead/crdt/ids'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { arbitraryPlaylist } from './arbitrary-playlist.testkit.ts'
import { entryOf, fileLimits, playlistFormats } from './playlist-file.ts'
import { readPlaylistFile, type ReadPlaylistFile } from './read-playlist-file.ts'
import { exportPlaylist, writePlaylistFile } from './write-playlist-file.ts'

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text)
const read = (text: string | Uint8Array, name = 'list.m3u8'): ReadPlaylistFile =>
  readPlaylistFile({ name, bytes: typeof text === 'string' ? utf8(text) : text })
const reasonOf = (text: string | Uint8Array, name?: string): string | undefined => {
  const result = read(text, name)
  return result.kind === 'unreadable' ? result.reason : undefined
}

for (const format of playlistFormats)
  test(`[PF2] what is written as ${format} is read back equal`, () => {
    fc.assert(
      fc.property(arbitraryPlaylist, (playlist) => {
        const { name, bytes } = writePlaylistFile(playlist, format)
        expect(readPlaylistFile({ name, bytes })).toEqual({ kind: 'read', playlist, leftOut: 0 })
      }),
      { numRuns: 300 },
    )
  })

test('[PF2] a playlist of the account is a file with links, whose name every system permits', () => {
  const track = {
    serverId: parseServerId('S'.repeat(22)),
    trackId: parseTrackId('t'.repeat(26)),
    recordingId: 'r'.repeat(26) as never,
    title: 'A - B',
    credits: [{ name: 'Anna', join: '' }],
    release: { title: 'Winter' },
    durationMs: 200_400 as never,
    isrc: 'GBAYE0601498',
  }
  const { name, bytes } = exportPlaylist(
    { title: 'AC/DC: "live"?', tracks: [track] },
    { format: 'm3u8', origin: 'https://music.example' },
  )
  expect(name).toBe('AC DC live.m3u8')
  expect(new TextDecoder().decode(bytes)).toMatchInlineSnapshot(`
    "#EXTM3U
    #PLAYLIST:AC/DC: "live"?
    #EXTINF:200,Anna - A - B
    #EXTALB:Winter
    #TONESTEAD:{"durationMs":200400,"isrc":"GBAYE0601498","track":"tonestead:SSSSSSSSSSSSSSSSSSSSSS/tttttttttttttttttttttttttt"}
    https://music.example/track/tttttttttttttttttttttttttt
    "
  `)
  expect(readPlaylistFile({ name, bytes })).toMatchObject({
    playlist: { entries: [{ title: 'A - B', artist: 'Anna', track: { trackId: track.trackId } }] },
  })
  expect(exportPlaylist({ title: ' .. ', tracks: [] }, { format: 'xspf', origin: '' }).name).toBe('Playlist.xspf')
})

test('[PF1] M3U as players write it: directives, attributes, comments, relative and absolute paths, both line ends', () => {
  const text = [
    '#EXTM3U',
    '#PLAYLIST: Friday ',
    '# a comment',
    '#EXTINF:123 tvg-id="x, y" logo="z",Miles Davis - So What - Live',
    '#EXTALB:Kind of Blue',
    'Music/Miles Davis/01 So What.mp3',
    '',
    '#EXTINF:-1,Only a title',
    'C:\\Music\\title.flac\r',
    '/home/anna/Music/Nina Simone - Sinnerman.ogg',
    'http://radio.example/stream?x=1',
  ].join('\n')
  expect(read(text)).toEqual({
    kind: 'read',
    leftOut: 0,
    playlist: {
      title: 'Friday',
      entries: [
        {
          location: 'Music/Miles Davis/01 So What.mp3',
          title: 'So What - Live',
          artist: 'Miles Davis',
          album: 'Kind of Blue',
          durationMs: 123_000,
        },
        { location: 'C:\\Music\\title.flac', title: 'Only a title' },
        { location: '/home/anna/Music/Nina Simone - Sinnerman.ogg' },
        { location: 'http://radio.example/stream?x=1' },
      ],
    },
  })
})

test('[PF1] without a header only the name says that a list of paths is a playlist, and a list of segments is none', () => {
  expect(read('a.mp3\nb.mp3', 'old.m3u')).toMatchObject({ playlist: { entries: [{}, {}] } })
  expect(reasonOf('a.mp3\nb.mp3', 'notes.txt')).toBe('not-a-playlist')
  expect(reasonOf('#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\n1.ts')).toBe('not-a-playlist')
  expect(reasonOf('<html><body>Not found</body></html>')).toBe('not-a-playlist')
  expect(reasonOf('{"error":"not found"}')).toBe('not-a-playlist')
  expect(reasonOf('#EXTM3U\n')).toBe('empty')
  expect(reasonOf(Uint8Array.of(0x23, 0x45, 0, 1))).toBe('not-a-playlist')
})

test('[PF4] a byte order mark, UTF-16 and Latin-1 are read', () => {
  const text = '#EXTM3U\n#EXTINF:1,Björk - Jóga\na.mp3'
  const expected = [{ artist: 'Björk', title: 'Jóga' }]
  const utf16 = Uint8Array.from([0xff, 0xfe, ...[...text].flatMap((character) => [character.charCodeAt(0), 0])])
  const latin1 = Uint8Array.from([...text].map((character) => character.charCodeAt(0)))
  for (const bytes of [utf8(`\u{feff}${text}`), utf16, latin1, utf8(text)])
    expect(read(bytes, 'list.m3u')).toMatchObject({ playlist: { entries: expected } })
})

test('[PF1] [PF5] XSPF with a prefix, CDATA, entities, comments and extensions of other players is read', () => {
  const xml = `<?xml version="1.0" encoding="UTF-8"?><!-- <track> -->
    <x:playlist xmlns:x="http://xspf.org/ns/0/" version='1'><x:title>Rock &amp; &#82;oll &#x1F3B8;</x:title>
    <x:trackList><x:track><x:location>file:///a%20b.mp3</x:location><x:location>second</x:location>
    <x:title><![CDATA[<b> & co]]></x:title><x:creator>Tom & Jerry</x:creator><x:duration>61000</x:duration>
    <x:identifier>isrc:gb-aye-06-01498</x:identifier><x:extension application="vlc"><x:title>no</x:title></x:extension></x:track>
    <x:track/></x:trackList></x:playlist>`
  expect(read(xml, 'list.xspf')).toEqual({
    kind: 'read',
    leftOut: 0,
    playlist: {
      title: 'Rock & Roll 🎸',
      entries: [
        {
          location: 'file:///a%20b.mp3',
          title: '<b> & co',
          artist: 'Tom & Jerry',
          durationMs: 61_000,
          isrc: 'GBAYE0601498',
        },
        {},
      ],
    },
  })
})

test('[PF5] entities that a file declares, deep and broken XML are refused', () => {
  const bomb = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><playlist><title>&b;</title></playlist>'
  const external = '<!DOCTYPE playlist SYSTEM "http://127.0.0.1:9/x.dtd"><playlist/>'
  for (const text of [
    bomb,
    external,
    '<playlist>',
    '<playlist></x>',
    '<playlist><a b=c/></playlist>',
    '<playlist/>x',
    '<',
  ])
    expect(reasonOf(text)).toBe('broken')
  expect(reasonOf('<playlist>'.repeat(100_000))).toBe('broken')
  expect(reasonOf(`<playlist>${'<a/>'.repeat(fileLimits.elements)}</playlist>`)).toBe('broken')
})

test('[PF6] JSPF of several writers is read, and wrong fields are left out', () => {
  const track = (fields: unknown) => JSON.stringify({ playlist: { title: 5, track: [fields, 'x', null] } })
  expect(
    read(
      track({
        location: ['a', 'b'],
        identifier: 'https://musicbrainz.org/recording/1',
        title: 'T',
        creator: {},
        duration: '61000',
      }),
    ),
  ).toMatchObject({ leftOut: 2, playlist: { entries: [{ location: 'a', title: 'T', durationMs: 61_000 }] } })
  expect(read(track({ identifier: ['urn:isrc:GBAYE0601498', 7], isrc: 4, duration: -4 }))).toMatchObject({
    playlist: { entries: [{}] },
  })
})

test('[PF3] what is beyond the limits is counted or refused, and texts are cut', () => {
  const lines = Array.from({ length: fileLimits.entries + 5 }, (_, index) => `${index}.mp3`)
  const long = 'x'.repeat(fileLimits.lineUnits + 1)
  const many = read(['#EXTM3U', long, ...lines].join('\n'))
  expect(many).toMatchObject({ kind: 'read', leftOut: 6 })
  expect(many.kind === 'read' && many.playlist.entries.length).toBe(fileLimits.entries)
  expect(reasonOf(new Uint8Array(fileLimits.bytes + 1))).toBe('too-large')
  expect(entryOf({ title: `${'é'.repeat(299)}😀`, location: 'x'.repeat(5_000) })).toEqual({ title: 'é'.repeat(299) })
})
