import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readCredits } from './artist-credits.ts'
import { cleanText } from './clean-text.ts'
import { namesFromPath } from './names-from-path.ts'
import { describeTrack, readBarcode, readIsrc } from './track-description.ts'

const names = (line: string, list: string[] = []) =>
  readCredits({ line, names: list, musicBrainzIds: [] }).map(({ name, join }) => [name, join])

describe('credits', () => {
  it('splits at semicolons and "feat.", but not at characters that may belong to a name', () => {
    expect(names('A; B')).toEqual([
      ['A', ', '],
      ['B', ''],
    ])
    expect(names('A feat. B')).toEqual([
      ['A', ' feat. '],
      ['B', ''],
    ])
    expect(names('A (ft. B)')).toEqual([
      ['A', ' feat. '],
      ['B', ''],
    ])
    expect(names('Earth, Wind & Fire')).toEqual([['Earth, Wind & Fire', '']])
    expect(names('AC/DC')).toEqual([['AC/DC', '']])
  })

  it('takes the text between several artists from the printed line', () => {
    expect(names('A & B with C', ['A', 'B', 'C'])).toEqual([
      ['A', ' & '],
      ['B', ' with '],
      ['C', ''],
    ])
    expect(names('quite another line', ['A', 'B', 'C'])).toEqual([
      ['A', ', '],
      ['B', ' & '],
      ['C', ''],
    ])
  })
})

describe('names from tags and paths', () => {
  it('removes control characters, direction marks and oversized tags', () => {
    expect(cleanText('a\0b\r\nc\u202Edef\u2066')).toBe('a b c def')
    expect(cleanText(' \u200B ')).toBeUndefined()
    expect(Array.from(cleanText('𝄞'.repeat(100_000)) ?? '').length).toBe(300)
    expect(cleanText('BeyoncÃ©')).toBe('Beyoncé')
    expect(cleanText('Mädchen')).toBe('Mädchen')
  })

  it('returns a line without control characters for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const clean = cleanText(text)
        expect(
          clean === undefined || (clean === clean.trim() && clean !== '' && !/[\p{Cc}\u202a-\u202e]/u.test(clean)),
        ).toBe(true)
      }),
    )
  })

  it('reads number, artist, title and release from a path', () => {
    expect(namesFromPath('Larks/First Light (2019)/CD 2/03 - Morning.flac')).toEqual({
      title: 'Morning',
      position: 3,
      disc: 2,
      album: 'First Light',
      artist: 'Larks',
      folder: 'Larks/First Light (2019)',
    })
    expect(namesFromPath('Larks - Morning.mp3')).toMatchObject({
      title: 'Morning',
      artist: 'Larks',
      position: undefined,
      album: undefined,
    })
    expect(namesFromPath('99 Luftballons.mp3').title).toBe('Luftballons')
  })

  it('describes compilations, and keeps only valid identifiers', () => {
    const described = describeTrack(
      {
        title: 'T',
        artist: 'X',
        album: 'Hits',
        isCompilation: true,
        isrc: ['nonsense', 'us-s1z-99-00001'],
        barcode: '4006381333931',
      },
      'a/b.mp3',
    )
    expect(described).toMatchObject({
      isrc: 'USS1Z9900001',
      release: { type: 'compilation', credits: [{ name: 'Various Artists' }], barcode: '4006381333931' },
    })
    expect(readIsrc('US-S1Z-99-0001')).toBeUndefined()
    expect(readBarcode('4006381333932')).toBeUndefined()
  })

  it('describes a file without any tags', () => {
    expect(describeTrack(undefined, 'noise.wav')).toMatchObject({
      title: 'noise',
      credits: [{ name: 'Unknown Artist' }],
      disc: 1,
      release: { title: 'noise', type: 'single' },
    })
  })
})
