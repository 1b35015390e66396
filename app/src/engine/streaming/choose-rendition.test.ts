import fc from 'fast-check'
import type { ManifestHead } from '@tonestead/protocol/manifest'
import { renditionTable, type RenditionName } from '@tonestead/protocol/rendition'
import { describe, expect, test } from 'vitest'
import { chooseRendition, qualityIndex, startSlots, type Choice } from './choose-rendition.ts'

const base: Choice = {
  slot: 10,
  bitratesBps: [64_000, 128_000, 256_000],
  pinned: undefined,
  cached: [],
  quality: 'auto',
  pattern: undefined,
  throughputBps: undefined,
  previous: undefined,
  slotsSinceStart: 10,
}

describe('[ST5] the rendition of a slot', () => {
  const cases: readonly [string, Partial<Choice>, number][] = [
    ['the pinned one, whatever else', { pinned: 1, cached: [2], throughputBps: 9e6, quality: 0, pattern: 'cycle' }, 1],
    ['the highest cached one, however slow the network', { cached: [0, 2], throughputBps: 10_000 }, 2],
    [
      'the lowest for the first slots after a start or seek',
      { slotsSinceStart: startSlots - 1, throughputBps: 9e6, previous: 2 },
      0,
    ],
    ['the lowest while nothing was measured', {}, 0],
    ['one step up at a time', { throughputBps: 9e6, previous: 0 }, 1],
    ['the next step from there', { throughputBps: 9e6, previous: 1 }, 2],
    ['down at once', { throughputBps: 70_000, previous: 2 }, 0],
    ['at most 70 % of the throughput', { throughputBps: 128_000 / 0.7 - 1, previous: 2 }, 0],
    ['and up to that', { throughputBps: 128_000 / 0.7 + 1, previous: 2 }, 1],
    ['the lowest where even that is too much', { throughputBps: 1, previous: 0 }, 0],
    ['a fixed quality stays', { quality: 2, throughputBps: 1, cached: [0] }, 2],
    ['every slot another one, for tests', { pattern: 'cycle', cached: [0] }, 1],
  ]
  test.each(cases)('%s', (_name, change, expected) => expect(chooseRendition({ ...base, ...change })).toBe(expected))
})

test('[ST5] the order of the renditions in the head does not matter, and the choice is always one of them', () => {
  const choices = fc.record({
    slot: fc.nat(100),
    bitratesBps: fc.uniqueArray(fc.integer({ min: 1, max: 3e6 }), { minLength: 1, maxLength: 4 }),
    throughputBps: fc.option(fc.integer({ min: 0, max: 5e6 }), { nil: undefined }),
    slotsSinceStart: fc.nat(5),
    pattern: fc.constantFrom(undefined, 'cycle' as const),
  })
  fc.assert(
    fc.property(choices, (some) => {
      const choice = { ...base, ...some }
      const chosen = choice.bitratesBps[chooseRendition(choice)]
      expect(chosen).toBeDefined()
      const sorted = choice.bitratesBps.toSorted((a, b) => b - a)
      expect(sorted[chooseRendition({ ...choice, bitratesBps: sorted })]).toBe(chosen)
    }),
  )
})

describe('[ST5] a fixed quality', () => {
  const headOf = (...names: readonly RenditionName[]) =>
    ({
      // Music that needs few bits: every measured rate is below the nominal rate of the rendition under it.
      renditions: names.map((name) => ({
        name,
        bitrateBps: renditionTable.row(name).nominalBitrateBps / 4,
        first: [],
      })),
    }) as unknown as ManifestHead
  const cases = [
    {
      name: 'is that rendition where the recording has it',
      quality: 'aac-128',
      has: ['aac-64', 'aac-128', 'aac-256'],
      place: 1,
    },
    {
      name: 'is the highest below it where that one is missing',
      quality: 'aac-256',
      has: ['aac-64', 'aac-128'],
      place: 1,
    },
    { name: 'is the lowest where there is none below it', quality: 'aac-64', has: ['aac-128', 'aac-256'], place: 0 },
    { name: 'does not depend on the order in the head', quality: 'aac-128', has: ['aac-256', 'aac-64'], place: 1 },
    { name: 'is FLAC in a lossless head', quality: 'flac', has: ['flac'], place: 0 },
  ] as const
  test.each(cases)('$name', ({ quality, has, place }) => expect(qualityIndex({ quality }, headOf(...has))).toBe(place))
  test('is left to the network when it is automatic', () =>
    expect(qualityIndex({ quality: 'auto' }, headOf('aac-64'))).toBe('auto'))
})
