import { describe, expect, it } from 'vitest'
import { documentWords } from './document-words.ts'
import type { SearchDocument } from '../document.ts'

const document = (title: string, more: Partial<SearchDocument> = {}): SearchDocument => ({
  kind: 'track',
  id: '1',
  title,
  credits: [],
  popularity: 0,
  isPublic: true,
  isLossless: false,
  isInLibrary: false,
  ...more,
})
const placesOf = (bits: number) =>
  Array.from({ length: 24 }, (_, place) => place).filter((place) => (bits & (1 << place)) !== 0)

describe('the words of a document', () => {
  it.each([
    ['Halo', 1],
    ['Halo (Live at Wembley)', 1],
    ['Halo - Live', 1],
    ['Halo – 2009 Remaster', 1],
    ['Stan feat. Dido', 1],
    ['Stan ft. Dido', 1],
    ['(I Can’t Get No) Satisfaction', 5],
    ['[untitled]', 1],
    ['Jay-Z', 2],
    ['99 Problems [Explicit]', 2],
  ])('[SD3] the core of %j has %i', (title, length) => {
    expect(documentWords(document(title)).headlines[0]!.coreLength).toBe(length)
  })

  it('[SD4] are not needed if they are stop words or after the core', () => {
    const needed = (title: string) =>
      documentWords(document(title)).headlines.map((headline) => placesOf(headline.needed))[0]
    expect(needed('The Sound of Silence (Live)')).toEqual([1, 2, 3])
    expect(needed('The The')).toEqual([0, 1])
    expect(needed('Simon & Garfunkel')).toEqual([0, 2])
  })

  it('[SD4] of a credit line belong to its names, those of joins to none', () => {
    const credits = [
      { id: 'a', name: 'The Beatles', join: ' with ' },
      { id: 'b', name: '…', join: ' & ' },
      { id: 'c', name: 'Billy Preston', join: '' },
    ]
    const { credit } = documentWords(document('Get Back', { credits }))
    expect(credit.words).toEqual(['the', 'beatles', 'with', 'and', 'billy', 'preston'])
    expect(credit.nameNeeded.map(placesOf)).toEqual([[1], [4, 5]])
  })

  it.each([
    ['Halo', false],
    ['Live and Let Die', false],
    ['Halo (Live)', true],
    ['Halo - Remix', true],
    ['Karaoke Queen', true],
    ['Halo (In the Style of Beyoncé)', true],
  ])('[SD5] %j says that it is a version: %j', (title, isVersion) => {
    expect(documentWords(document(title)).variants !== 0).toBe(isVersion)
  })

  it('[SD1] count up to a limit', () => {
    const words = documentWords(
      document('a '.repeat(100), { aliases: Array.from({ length: 20 }, (_, index) => `alias ${index}`) }),
    )
    expect(words.headlines).toHaveLength(9)
    expect(words.headlines[0]!.words).toHaveLength(24)
    expect(documentWords(document('x'.repeat(500))).headlines[0]!.words[0]).toHaveLength(40)
  })
})
