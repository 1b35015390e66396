import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { requestMaker, catalog, changes } from './catalogs.testkit.ts'
import { documentWords } from './text/document-words.ts'
import { property } from './property.testkit.ts'
import { createIndexBuilder, createSearchIndex, openSearchIndex } from './search-index.ts'
import { readSnapshot, writeSnapshot, type TypedArray } from './segment/snapshot-file.ts'

const indexes = fc.tuple(catalog, changes).map(([documents, later]) => {
  const index = createSearchIndex(documents)
  index.apply(later)
  return index
})

describe('a snapshot of an index', () => {
  it('opens as the same index', () => {
    property(
      fc.tuple(indexes, fc.array(requestMaker, { maxLength: 4 }), fc.maxSafeNat()),
      ([index, requests, sequence]) => {
        const opened = openSearchIndex(index.snapshot(sequence))
        if (opened.kind === 'refused') throw new Error(opened.reason)
        expect(opened.sequence).toBe(sequence)
        for (const makeRequest of requests) {
          const one = makeRequest([...index.documents()])
          expect(opened.index.search(one)).toEqual(index.search(one))
          expect(opened.index.suggest({ text: one.text })).toEqual(index.suggest({ text: one.text }))
        }
      },
      150,
    )
  })

  it('has the same bytes for the same documents, in any order and after any earlier documents with the same ids', () => {
    property(
      fc.tuple(catalog, catalog),
      ([documents, before]) => {
        const ids = new Set(documents.map(({ kind, id }) => `${kind} ${id}`))
        const builder = createIndexBuilder()
        for (const document of before) if (ids.has(`${document.kind} ${document.id}`)) builder.add(document)
        for (const document of documents.toReversed()) builder.add(document)
        expect(Buffer.compare(builder.snapshot(7), createSearchIndex(documents).snapshot(7))).toBe(0)
      },
      150,
    )
  })

  it('is refused when one byte is changed, or bytes are missing at the end', () => {
    property(
      fc.tuple(
        indexes,
        fc.array(fc.tuple(fc.nat(), fc.integer({ min: 1, max: 255 })), { minLength: 1, maxLength: 20 }),
      ),
      ([index, damages]) => {
        const bytes = index.snapshot(1)
        for (const [place, difference] of damages) {
          const damaged = bytes.slice()
          damaged[place % bytes.length]! ^= difference
          expect(openSearchIndex(damaged).kind).toBe('refused')
          expect(openSearchIndex(bytes.slice(0, place % bytes.length)).kind).toBe('refused')
        }
      },
      50,
    )
  })

  it('is refused when a section is missing or has another type, although the checksum is right', () => {
    const bytes = createSearchIndex([]).snapshot(1)
    const read = readSnapshot(bytes)
    if (read.kind === 'refused') throw new Error(read.reason)
    for (const [name, section] of read.sections) {
      const without = new Map<string, TypedArray>([...read.sections].filter(([other]) => other !== name))
      expect(openSearchIndex(writeSnapshot({ sequence: 1, sections: without })), `without ${name}`).toEqual({
        kind: 'refused',
        reason: 'damaged',
      })
      const other = section instanceof Float64Array ? new Uint8Array(section.length) : new Float64Array(section.length)
      expect(
        openSearchIndex(writeSnapshot({ sequence: 1, sections: new Map(read.sections).set(name, other) })),
        `another ${name}`,
      ).toEqual({ kind: 'refused', reason: 'damaged' })
    }
  })

  it('has words that are folded as this version of the format says', () => {
    const texts = [
      'Beyoncé',
      'T.N.T.',
      'P!nk & Ke$ha',
      "Guns N' Roses",
      'Rag’n’Bone Man',
      'Straße',
      'ＡＢＣ ①½',
      'ガンダム・林檎',
      '방탄소년단',
      'हिन्दी สวัสดี',
      'ЛЁД ΣΊΣΥΦΟΣ',
      'أُمّ ٢٠٢٤',
      '!!! ★',
      'don’t - Live (feat. X) [Karaoke]',
    ]
    const found = texts.map((title) =>
      documentWords({
        kind: 'track',
        id: '1',
        title,
        credits: [],
        popularity: 0,
        isPublic: true,
        isLossless: false,
        isInLibrary: false,
      }),
    )
    expect(
      found.map(
        ({ headlines, variants }) => `${headlines[0]?.words.join(' ')} ${headlines[0]?.coreLength} ${variants}`,
      ),
    ).toEqual([
      'beyonce 1 0',
      'tnt 1 0',
      'pink and kesha 3 0',
      'guns and roses 3 0',
      'rag and bone man 4 0',
      'strasse 1 0',
      'abc 11 2 3 0',
      'がん んだ だむ 林檎 4 0',
      '바ᄋ타ᄂ소녀ᄂ다ᄂ 1 0',
      'हिन्दी สวั วัส สดี 4 0',
      'лед σισυφοσ 2 0',
      'ام 2024 2 0',
      '!!! ★ 2 0',
      'dont live feat x karaoke 1 17',
    ])
  })
})
