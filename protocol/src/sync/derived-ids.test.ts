import { describe, expect, it } from 'vitest'
import { counting } from '../vectors.testkit.ts'
import { actorOf, newFeedId, personalCollectionId, sharedCollectionId } from './derived-ids.ts'
import * as fixed from './sync-fixtures.testkit.ts'
import { isSyncId, parseItemId, syncIdOfBytes, syncIdToBytes } from './sync-ids.ts'

const swapped = <Id extends string>(id: string) => id as Id

describe('derived ids', () => {
  it('[SF10] an actor depends on feed and document and has 16 bytes', () => {
    const actor = actorOf(fixed.feed, fixed.document)
    expect(actor).toMatch(/^[0-9a-f]{32}$/)
    expect(actor).toBe(actorOf(fixed.feed, fixed.document))
    expect(actor).not.toBe(actorOf(swapped(fixed.document), swapped(fixed.feed)))
  })

  it('[SF7] [SF10] a feed depends on device, prev and random', () => {
    const of = (seed: string, device = fixed.device, prev = fixed.itemIds[0]) =>
      newFeedId({ random: fixed.createRandom(seed) }, device, prev)
    expect(of('a')).toBe(of('a'))
    expect(
      new Set([of('a'), of('b'), of('a', swapped(fixed.account)), of('a', fixed.device, fixed.itemIds[1])]).size,
    ).toBe(4)
    expect(newFeedId({ random: fixed.createRandom('a') }, fixed.device, undefined)).not.toBe(of('a'))
  })

  it('[SF10] a collection depends on its account, or on its creator and nonce', () => {
    const ids = [
      personalCollectionId(fixed.account),
      personalCollectionId(swapped(fixed.device)),
      sharedCollectionId(fixed.device, counting(16)),
      sharedCollectionId(fixed.device, counting(16, 1)),
      sharedCollectionId(swapped(fixed.account), counting(16)),
    ]
    expect(new Set(ids).size).toBe(5)
    expect(() => sharedCollectionId(fixed.device, counting(15))).toThrow(RangeError)
  })
})

describe('ids', () => {
  it('[SF1] have one text: unused bits are refused', () => {
    const id = syncIdOfBytes(counting(32))
    expect(syncIdToBytes(id)).toEqual(counting(32))
    for (const last of 'bcdefghijklmnoprstuvwxyz234567') {
      const other = id.slice(0, -1) + last
      expect(isSyncId(other)).toBe(false)
      expect(() => parseItemId(other)).toThrow(TypeError)
    }
    expect(() => parseItemId(id.toUpperCase())).toThrow(TypeError)
    expect(() => syncIdOfBytes(counting(31))).toThrow(RangeError)
  })
})
