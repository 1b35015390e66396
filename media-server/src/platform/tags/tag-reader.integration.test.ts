import { mkdtemp, open, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { concat, latin1, uint, utf8, type Bytes } from '@tonestead/protocol/bytes'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RawTags } from '../../ports/tag-reader.ts'
import { createTagReader } from './tag-reader.client.ts'

const mbid = (digit: string): string => `${digit.repeat(8)}-1111-4111-8111-${digit.repeat(12)}`

const comments = `TITLE=Song
ARTIST=Ann & Bob
ARTISTS=Ann
ARTISTS=Bob
ALBUMARTIST=The Band
ALBUMARTISTS=The Band
ALBUM=Record
DISCNUMBER=2
TRACKNUMBER=7
DATE=1999-05-04
ISRC=DEAAA9900001
BARCODE=4006381333931
LABEL=Small Label
COMPILATION=1
RELEASETYPE=album
MUSICBRAINZ_TRACKID=${mbid('a')}
MUSICBRAINZ_ALBUMID=${mbid('b')}
MUSICBRAINZ_ARTISTID=${mbid('c')}
MUSICBRAINZ_ALBUMARTISTID=${mbid('d')}`.split('\n')

/** What `comments` and the picture say. Every field: a new one does not compile until its tag is above. */
const expected: Required<RawTags> = {
  title: 'Song',
  artist: 'Ann & Bob',
  artists: ['Ann', 'Bob'],
  albumArtist: 'The Band',
  albumArtists: ['The Band'],
  album: 'Record',
  disc: 2,
  position: 7,
  year: 1999,
  isrc: ['DEAAA9900001'],
  barcode: '4006381333931',
  label: 'Small Label',
  isCompilation: true,
  releaseTypes: ['album'],
  recordingMbid: mbid('a'),
  releaseMbid: mbid('b'),
  artistMbids: [mbid('c')],
  albumArtistMbids: [mbid('d')],
  picture: new Uint8Array([1, 2, 3]),
}

/** A FLAC file (RFC 9639, 8) without audio: STREAMINFO, VORBIS_COMMENT and PICTURE of a front cover. */
const flacWith = (lines: readonly string[], picture: Uint8Array): Bytes => {
  const littleEndian = (value: number): Bytes => uint(value, 4).reverse()
  const text = (line: string): Bytes => concat(littleEndian(utf8(line).length), utf8(line))
  const block = (type: number, content: Bytes): Bytes => concat(uint(type, 1), uint(content.length, 3), content)
  const isLast = 128
  return concat(
    latin1('fLaC'),
    block(0, concat(uint(4096, 2), uint(4096, 2), uint(0, 6), uint(0x0ac442f0, 4), new Uint8Array(20))),
    block(4, concat(text('test'), littleEndian(lines.length), ...lines.map(text))),
    block(
      isLast + 6,
      concat(uint(3, 4), uint(9, 4), latin1('image/png'), new Uint8Array(20), uint(picture.length, 4), picture),
    ),
  )
}

describe('the tag reader', () => {
  let folder = ''
  beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'tonestead-tags-'))))
  afterAll(() => rm(folder, { recursive: true }))

  it('returns every field that the tags of a file have', async () => {
    const path = join(folder, 'tagged.flac')
    await writeFile(path, flacWith(comments, expected.picture ?? new Uint8Array()))
    const reader = createTagReader((message, cause) => {
      throw new Error(message, { cause })
    })
    expect(await reader.read({ path }, AbortSignal.timeout(30_000))).toEqual(expected)
    reader.stop()
  })

  it.skipIf(process.platform !== 'linux')(
    '[CT17] reads the open file when its path leads to another one by now',
    async () => {
      const [path, other] = [join(folder, 'shown.flac'), join(folder, 'secret.flac')]
      await writeFile(path, flacWith(['TITLE=Shown'], new Uint8Array([1])))
      await writeFile(other, flacWith(['TITLE=Secret'], new Uint8Array([2])))
      await using opened = await open(path)
      await rm(path)
      await symlink(other, path)
      const reader = createTagReader(() => undefined)
      const read = { path, descriptor: opened.fd }
      expect(await reader.read(read, AbortSignal.timeout(30_000))).toMatchObject({ title: 'Shown' })
      reader.stop()
    },
  )
})
