import { describe, expect, it } from 'vitest'
import { generateCatalog } from './generate-catalog.ts'
import { foldForGrading, plainTitle } from './fold-for-grading.ts'
import { makeNames } from './made-names.ts'
import { keystrokes, makeQueries } from './make-queries.ts'
import { isMeant, queryKinds } from './query.ts'

const names = makeNames('a test')
const catalog = () => generateCatalog({ names, tracks: 3000 })

describe('a generated catalog', () => {
  it('is the same for the same seed, and differs for another seed', () => {
    const first = [...catalog()]
    expect([...catalog()]).toEqual(first)
    expect([...generateCatalog({ names, tracks: 3000, seed: 'another' })]).not.toEqual(first)
  })

  it('has the given number of tracks, some covers, and no id twice in a kind', () => {
    const documents = [...catalog()]
    const tracks = documents.filter((document) => document.kind === 'track')
    expect(tracks.length).toBeGreaterThanOrEqual(3000)
    expect(tracks.length).toBeLessThan(3300)
    expect(new Set(documents.map(({ kind, id }) => kind + id)).size).toBe(documents.length)
    expect(documents.every(({ id }) => /^[a-z2-7]{26}$/.test(id))).toBe(true)
  })
})

describe('generated queries', () => {
  it('are the same each time, have every kind and half, and mean a track of the catalog', () => {
    const made = makeQueries(catalog(), { seed: 'queries', perKind: 10 })
    expect(makeQueries(catalog(), { seed: 'queries', perKind: 10 })).toEqual(made)
    expect(new Set(made.queries.map(({ kind, half }) => `${kind} ${half}`)).size).toBe(2 * queryKinds.length)
    const tracks = [...catalog()].filter((document) => document.kind === 'track')
    for (const query of made.queries)
      expect(
        tracks.some(({ title, credits }) =>
          isMeant(
            query,
            title,
            credits.map(({ name }) => name),
          ),
        ),
        query.text,
      ).toBe(true)
  })

  it('have all songs of an artist in one half', () => {
    const { queries } = makeQueries(catalog(), { seed: 'queries', perKind: 20 })
    const halfOf = new Map<string, string>()
    for (const { artist, half } of queries) {
      if (artist === undefined) continue
      expect(halfOf.get(artist) ?? half).toBe(half)
      halfOf.set(artist, half)
    }
  })

  it('are cut into what is typed, key by key', () => {
    expect(
      keystrokes([{ kind: 'exact', half: 'reported', text: 'a bc', title: 'a bc', artist: undefined }], 1),
    ).toEqual(['a', 'a b', 'a bc'])
  })
})

describe('grading', () => {
  it('counts a version as its song and ignores case, diacritics and punctuation', () => {
    expect(plainTitle('Hey Jude - Remastered 2015')).toBe('Hey Jude')
    expect(plainTitle('Zombie (Live)')).toBe('Zombie')
    expect(plainTitle('(Intro)')).toBe('(Intro)')
    expect(foldForGrading('Beyoncé’s  "Høllo"')).toBe('beyonces hollo')
    const query = {
      kind: 'exact',
      half: 'tuning',
      text: 'zombie cranberries',
      title: 'zombie',
      artist: 'the cranberries',
    } as const
    expect(isMeant(query, 'Zombie (Live)', ['The Cranberries'])).toBe(true)
    expect(isMeant(query, 'Zombie', ['Karaoke All Stars'])).toBe(false)
  })
})
