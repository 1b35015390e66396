import { expect, test } from 'vitest'
import { silentLog } from '../../platform/system/silent-log.ts'
import { createLaterPlaylists } from './later-playlists.ts'
import * as kit from './playlists.testkit.ts'

test('playlists are loading until their code is there; showing them or changing them loads it', async () => {
  const { playlists } = kit.createTestPlaylists()
  const id = await kit.created(playlists, kit.tracksOf(2))
  let loads = 0
  const later = createLaterPlaylists(() => {
    loads += 1
    return Promise.resolve(playlists)
  }, silentLog)
  const seen: string[] = []
  expect([later.tree.get().kind, later.playlist(id).get().kind, loads]).toEqual(['loading', 'loading', 0])
  later.tree.subscribe(() => seen.push(later.tree.get().kind))
  expect(later.playlist(id)).toBe(later.playlist(id))
  await expect.poll(() => seen).toEqual(['open'])
  expect(kit.songsOf(later, id)).toBe('0 1')
  await later.rename(id, 'Saturday')
  expect(kit.openOf(later, id).title).toBe('Saturday')
  expect(loads).toBe(1)
})
test('when the code was not loaded, the next change tries again', async () => {
  const { playlists } = kit.createTestPlaylists()
  let loads = 0
  const later = createLaterPlaylists(() => {
    loads += 1
    return loads === 1 ? Promise.reject(new Error('offline')) : Promise.resolve(playlists)
  }, silentLog)
  await expect(later.create({ title: 'x' })).rejects.toThrow('offline')
  expect((await later.create({ title: 'x' })).kind).toBe('created')
})
