import { mkdir, rename, rm } from 'node:fs/promises'
import { afterEach, expect, it } from 'vitest'
import type { RawTags } from '../ports/tag-reader.ts'
import type { FakeMusic } from './fake-music.testkit.ts'
import { emptyFolder, ghostsIn, makeMusic, openLibrary, readCatalog } from './library.testkit.ts'

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})
const open = async (unreadable = new Set<string>()) => {
  const music = await makeMusic()
  const library = await openLibrary(music, unreadable)
  closing.push(library.close, music.remove)
  return { music, library }
}
const song = (tags: RawTags | undefined, change: Partial<FakeMusic> = {}): FakeMusic => ({
  format: 'flac',
  take: 1,
  seconds: 30,
  tags,
  ...change,
})
const album = (position: number, change: Partial<FakeMusic> = {}): FakeMusic =>
  song({ title: `Song ${position}`, album: 'Album', albumArtist: 'Ann', artist: 'Ann', position }, change)
const shown = { name: 'public', isPublic: true } as const
const hidden = { name: 'private', isPublic: false } as const
type Opened = Awaited<ReturnType<typeof open>>
const titles = async ({ library }: Opened, audience: 'everyone' | 'listeners' = 'listeners') =>
  (await readCatalog(library, audience)).tracks.map((track) => track.title).toSorted()
const settle = async ({ library }: Opened, folders: Parameters<typeof library.scan>[0] = [shown]): Promise<void> => {
  await library.scan(folders)
  await library.work()
}

it('an upload with the tags of a public album hides nothing and changes nothing for everyone', async () => {
  const world = await open()
  for (const position of [1, 2]) await world.music.write(`public/${position}.flac`, album(position))
  await settle(world)
  const before = await readCatalog(world.library, 'everyone')
  const tags = { albumArtist: 'Ann', artist: 'ANN', album: 'ALBUM' }
  await world.music.upload('a.flac', song({ ...tags, title: 'Mine', position: 3, year: 1900 }))
  await world.music.upload('b.flac', song({ ...tags, title: 'Song 1', position: 1 }, { seconds: 31, take: 2 }))
  await world.library.addUploads()
  await world.library.work()
  expect(await readCatalog(world.library, 'everyone')).toEqual(before)
  expect(await titles(world)).toEqual(['Mine', 'Song 1', 'Song 2'])
})

it('[CT16] a public upload joins a public album for everyone, a private one for listeners only', async () => {
  const world = await open()
  await world.music.write('public/1.flac', album(1))
  await settle(world)
  await world.music.upload('a.flac', album(2), true)
  await world.music.upload('b.flac', album(3))
  await world.library.addUploads()
  await world.library.work()
  expect(await titles(world, 'everyone')).toEqual(['Song 1', 'Song 2'])
  expect(await titles(world)).toEqual(['Song 1', 'Song 2', 'Song 3'])
  await world.library.scan([])
  expect(await titles(world, 'everyone')).toEqual(['Song 2'])
})

it('the next public file does not make an upload public', async () => {
  const world = await open()
  const upload = await world.music.upload('a.flac', album(1))
  await world.library.addUploads()
  await world.library.work()
  await world.music.write('public/2.flac', album(2))
  await settle(world)
  expect(await titles(world, 'everyone')).toEqual(['Song 2'])
  expect(await titles(world)).toEqual(['Song 1', 'Song 2'])
  const { catalog } = world.library.stores()
  const [mine] = (await readCatalog(world.library, 'listeners')).tracks.filter((track) => track.title === 'Song 1')
  expect(upload).toMatch(/^[0-9a-f]{32}$/)
  // Licenses and HLS links are given by what the catalog answers to this.
  expect(await catalog.recording(mine!.recordingId as never, 'everyone')).toBeUndefined()
})

it('the same file in a public and in a private place is public, and private again without the public one', async () => {
  const world = await open()
  await world.music.write('public/1.flac', album(1))
  await world.music.write('private/1.flac', album(1))
  await world.music.write('private/2.flac', album(2))
  await settle(world, [shown, hidden])
  expect(await titles(world, 'everyone')).toEqual(['Song 1'])
  await settle(world, [{ ...shown, isPublic: false }, hidden])
  expect(await titles(world, 'everyone')).toEqual([])
  expect(await titles(world)).toEqual(['Song 1', 'Song 2'])
})

it('a kill at any point of a scan with deletions leaves no ghost', async () => {
  const world = await open()
  for (let position = 1; position <= 12; position += 1)
    await world.music.write(`public/${position}/a.flac`, album(position))
  await settle(world)
  for (let killAt = 0; killAt < 5; killAt += 1) {
    await rm(world.music.pathOf(`public/${killAt + 1}`), { recursive: true })
    await world.library.scan([shown], killAt)
    expect(ghostsIn(world.library)).toEqual([])
  }
  await world.library.scan([shown])
  expect(await titles(world, 'everyone')).toHaveLength(7)
})

it('a retagged and a replaced file leave no track behind', async () => {
  const world = await open()
  await world.music.write('public/1.flac', album(1))
  await world.music.write('public/2.ogg', album(2, { format: 'ogg' }))
  await settle(world)
  const before = await readCatalog(world.library, 'everyone')
  await world.music.write('public/1.flac', song({ title: 'Renamed', album: 'Other', albumArtist: 'Ann' }))
  await rm(world.music.pathOf('public/2.ogg'))
  await world.music.write('public/2.flac', album(2))
  await settle(world)
  const after = await readCatalog(world.library, 'everyone')
  expect(after.tracks.map((track) => track.title).toSorted()).toEqual(['Renamed', 'Song 2'])
  expect(after.tracks[1]?.id).toBe(before.tracks[1]?.id)
  expect(after.tracks[1]?.recordingId).not.toBe(before.tracks[1]?.recordingId)
})

it('withdraws a folder that is no longer given, and has it back with the same ids when it is given again', async () => {
  const world = await open()
  await world.music.write('public/1.flac', album(1))
  await world.music.write('private/2.flac', album(2))
  await settle(world, [shown, hidden])
  const before = await readCatalog(world.library, 'listeners')
  await world.library.scan([hidden])
  expect(await titles(world, 'everyone')).toEqual([])
  expect(await titles(world)).toEqual(['Song 2'])
  await settle(world, [shown, hidden])
  expect(await readCatalog(world.library, 'listeners')).toEqual(before)
})

it('[CT15] [CT18] a missing disk withdraws nothing and its release names the tracks, whether its folder is gone, empty or unreadable', async () => {
  const unreadable = new Set<string>()
  const world = await open(unreadable)
  await world.music.write('public/1.flac', album(1))
  await world.music.write('private/disk/2.flac', album(2))
  await world.music.write('private/3.flac', album(3))
  const folders = [shown, hidden]
  await settle(world, folders)
  const unreachable = async (audience: 'everyone' | 'listeners') =>
    (await readCatalog(world.library, audience)).releases.flatMap((release) =>
      release.tracks.filter((track) => release.unreachable?.includes(track.id)).map((track) => track.title),
    )
  expect(await unreachable('listeners')).toEqual([])
  await rename(world.music.pathOf('public'), world.music.pathOf('away'))
  await settle(world, folders)
  expect([await unreachable('everyone'), await unreachable('listeners')]).toEqual([['Song 1'], ['Song 1']])
  expect(await world.library.stores().sources.summary()).toMatchObject({ unreachable: 1, held: 0, withdrawn: 0 })
  await mkdir(world.music.pathOf('public'))
  await settle(world, folders)
  expect(await world.library.stores().sources.summary()).toMatchObject({ unreachable: 0, held: 1, withdrawn: 0 })
  unreadable.add('private/disk')
  await rm(world.music.pathOf('private/3.flac'))
  await world.music.write('private/4.flac', album(4))
  await settle(world, folders)
  expect([await unreachable('everyone'), await unreachable('listeners')]).toEqual([['Song 1'], ['Song 1', 'Song 2']])
  // Everything else goes on.
  expect(await titles(world)).toEqual(['Song 1', 'Song 2', 'Song 4'])
  unreadable.clear()
  await emptyFolder(world.music.pathOf('private/disk'))
  await settle(world, folders)
  expect(await titles(world)).toEqual(['Song 1', 'Song 2', 'Song 4'])
  expect(await world.library.confirm()).toBe(2)
  expect(await titles(world)).toEqual(['Song 4'])
})

it('sees a cover that is added, replaced or removed later', async () => {
  const world = await open()
  await world.music.write('public/1.flac', album(1))
  const coverOf = async (): Promise<unknown> => {
    await settle(world)
    const [release] = (await readCatalog(world.library, 'everyone')).releases
    return (release as { cover?: { id: string } } | undefined)?.cover?.id
  }
  expect(await coverOf()).toBeUndefined()
  await world.music.write('public/cover.jpg', 'one')
  const first = await coverOf()
  expect(first).toBeDefined()
  await world.music.write('public/cover.jpg', 'two')
  expect(await coverOf()).not.toBe(first)
  await rm(world.music.pathOf('public/cover.jpg'))
  expect(await coverOf()).toBeUndefined()
})

it('gives a renamed untagged file or folder its new title, without encoding it again', async () => {
  const world = await open()
  await world.music.write('public/Ann/Album/01 One.flac', song(undefined))
  await settle(world)
  const [before] = (await readCatalog(world.library, 'everyone')).tracks
  await rename(world.music.pathOf('public/Ann/Album/01 One.flac'), world.music.pathOf('public/Ann/Album/01 Two.flac'))
  await settle(world)
  expect(await readCatalog(world.library, 'everyone')).toMatchObject({
    releases: [{ title: 'Album', tracks: [{ title: 'Two', recordingId: before?.recordingId }] }],
  })
  await rename(world.music.pathOf('public/Ann/Album'), world.music.pathOf('public/Ann/Later'))
  await settle(world)
  expect(await readCatalog(world.library, 'everyone')).toMatchObject({ releases: [{ title: 'Later' }] })
})
