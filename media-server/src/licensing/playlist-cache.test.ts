import { describe, expect, it } from 'vitest'
import { createPlaylistCache } from './playlist-cache.ts'

const bytesOf = (length: number) => Promise.resolve(new Uint8Array(length))

describe('the cache of playlists', () => {
  it('makes a playlist once for many callers, one playlist after the other', async () => {
    const get = createPlaylistCache(100)
    let running = 0
    let most = 0
    let made = 0
    const make = async () => {
      made += 1
      running += 1
      most = Math.max(most, running)
      await new Promise((resolve) => setImmediate(resolve))
      running -= 1
      return bytesOf(10)
    }
    const keys = ['a', 'b', 'c']
    await Promise.all(Array.from({ length: 30 }, (_, index) => get(keys[index % 3] ?? '', make)))
    expect([made, most]).toEqual([3, 1])
    await get('a', make)
    expect(made).toBe(3)
  })

  it('is bounded by bytes, and forgets what was used longest ago', async () => {
    const get = createPlaylistCache(25)
    const made: string[] = []
    const ask = (key: string) =>
      get(key, () => {
        made.push(key)
        return bytesOf(10)
      })
    for (const key of ['a', 'b', 'a', 'c', 'a', 'b']) await ask(key)
    expect(made).toEqual(['a', 'b', 'c', 'b'])
    await get('large', () => bytesOf(26))
    await ask('b')
    expect(made).toHaveLength(4)
  })

  it('keeps no error, and refuses what would wait too long', async () => {
    const get = createPlaylistCache(100)
    await expect(get('a', () => Promise.reject(new Error('no')))).rejects.toThrow('no')
    expect(await get('a', () => bytesOf(1))).toHaveLength(1)
    const hold = Promise.withResolvers<Uint8Array<ArrayBuffer>>()
    const waiting = Array.from({ length: 64 }, (_, index) => get(`${index}`, () => hold.promise))
    await expect(get('one more', () => bytesOf(1))).rejects.toMatchObject({ code: 'not-ready' })
    hold.resolve(new Uint8Array(1))
    await Promise.all(waiting)
  })
})
