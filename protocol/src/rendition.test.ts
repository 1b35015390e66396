import { describe, expect, it } from 'vitest'
import { toHex } from './bytes.ts'
import { initializationVector } from './chunk.ts'
import { decodeManifestHead, encodeManifestHead } from './manifest.ts'
import {
  aacRenditions,
  createRenditionTable,
  highestAac,
  lowestAac,
  nominalBitrateOf,
  renditionNames,
  renditionRows,
  renditionsOf,
  renditionTable,
  type RenditionRow,
} from './rendition.ts'
import { vector } from './vector.testkit.ts'
import vectors from './vectors.json' with { type: 'json' }
import { addressOf, headOf } from './vectors.testkit.ts'

const { subtle } = globalThis.crypto

const freeCode = (field: 'ivCode' | 'headCode'): number => Math.max(...renditionRows.map((row) => row[field])) + 1

/** A row that may be added one day, with codes that no row has. */
const added = {
  name: 'aac-added',
  codec: 'aac',
  nominalBitrateBps: 200_000,
  ivCode: freeCode('ivCode'),
  headCode: freeCode('headCode'),
} as const

describe('the rendition table', () => {
  it.each(renditionRows)('gives $name the codes of its vectors', async ({ name }) => {
    const computed = {
      [`initializationVector ${name}`]: toHex(await initializationVector(subtle, addressOf(name))),
      [`head ${name}`]: toHex(encodeManifestHead(headOf(name))),
    }
    // Compared as one object: when the vectors of a new row are missing, the failure shows both.
    const stored = Object.entries(vectors).filter(([vectorName]) => Object.hasOwn(computed, vectorName))
    expect(Object.fromEntries(stored)).toEqual(computed)
    expect(decodeManifestHead(encodeManifestHead(headOf(name)))).toEqual(headOf(name))
  })

  it('keeps every vector when a row is added, wherever it is inserted', async () => {
    for (const place of [...renditionRows.keys(), renditionRows.length]) {
      const table = createRenditionTable([...renditionRows.slice(0, place), added, ...renditionRows.slice(place)])
      expect(table.names.filter((name) => name !== added.name)).toEqual(renditionNames)
      expect(table.names).toHaveLength(renditionNames.length + 1)
      for (const { name, headCode } of renditionRows) {
        expect(toHex(await initializationVector(subtle, addressOf(name), table))).toBe(
          vector(`initializationVector ${name}`),
        )
        expect(toHex(encodeManifestHead(headOf(name), table))).toBe(vector(`head ${name}`))
        expect(table.nameOfHeadCode(headCode)).toBe(name)
      }
    }
  })

  it.each<[string, Partial<RenditionRow>]>([
    ['a name', { name: renditionRows[0].name }],
    ['an IV code', { ivCode: renditionRows[0].ivCode }],
    ['a head code', { headCode: renditionRows[0].headCode }],
  ])('refuses a row that shares %s with another row', (_what, same) => {
    expect(() => createRenditionTable<string>([...renditionRows, { ...added, ...same }])).toThrow(RangeError)
  })

  it.each([-1, 1.5, 256])('refuses the code %s, which is not one byte', (code) => {
    expect(() => createRenditionTable([...renditionRows, { ...added, ivCode: code }])).toThrow(RangeError)
    expect(() => createRenditionTable([...renditionRows, { ...added, headCode: code }])).toThrow(RangeError)
  })

  it('throws for an unknown name, and has no name for an unused head code', () => {
    expect(() => renditionTable.row('mp3' as never)).toThrow(RangeError)
    expect(renditionTable.nameOfHeadCode(added.headCode)).toBeUndefined()
  })

  it('lists names by bit rate, lowest first', () => {
    const rates = aacRenditions.map(nominalBitrateOf)
    expect(rates).toEqual(rates.toSorted((a, b) => a - b))
    expect(renditionsOf('aac')).toEqual(aacRenditions)
    expect(renditionsOf('flac')).toEqual(['flac'])
    expect(new Set(renditionNames)).toEqual(new Set([...aacRenditions, 'flac']))
    expect([lowestAac, highestAac]).toEqual([aacRenditions[0], aacRenditions.at(-1)])
  })
})
