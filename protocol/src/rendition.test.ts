import { describe, expect, it } from 'vitest'
import { toHex } from './bytes.ts'
import { initializationVector } from './chunk.ts'
import { decodeManifestHead, encodeManifestHead } from './manifest.ts'
import {
  aacRenditions,
  createRenditionTable,
  highestAac,
  lowestAac,
  renditionNames,
  renditionRows,
  renditionsOf,
  renditionTable,
  type RenditionRow,
} from './rendition.ts'
import { vector } from './vector.testkit.ts'
import { addressOf, headOf } from './vectors.testkit.ts'

const { subtle } = globalThis.crypto

/** A row that may be added one day, with codes that are free today. */
const added = { name: 'aac-192', codec: 'aac', nominalBitrateBps: 192_000, ivCode: 4, headCode: 4 } as const

describe('the rendition table', () => {
  it.each(renditionRows)('gives $name the codes of its vectors', async ({ name }) => {
    expect(toHex(await initializationVector(subtle, addressOf(name)))).toBe(vector(`initializationVector ${name}`))
    expect(toHex(encodeManifestHead(headOf(name)))).toBe(vector(`head ${name}`))
    expect(decodeManifestHead(encodeManifestHead(headOf(name)))).toEqual(headOf(name))
  })

  it('keeps every vector when a row is added, wherever it is inserted', async () => {
    for (const place of [...renditionRows.keys(), renditionRows.length]) {
      const table = createRenditionTable([...renditionRows.slice(0, place), added, ...renditionRows.slice(place)])
      expect(table.names).toEqual(['aac-64', 'aac-128', 'aac-192', 'aac-256', 'flac'])
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
    ['a name', { name: 'flac' }],
    ['an IV code', { ivCode: 3 }],
    ['a head code', { headCode: 16 }],
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
    expect(renditionNames).toEqual(['aac-64', 'aac-128', 'aac-256', 'flac'])
    expect(renditionsOf('aac')).toEqual(aacRenditions)
    expect(renditionsOf('flac')).toEqual(['flac'])
    expect([lowestAac, highestAac]).toEqual(['aac-64', 'aac-256'])
  })
})
