import { execFileSync } from 'node:child_process'
import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { inheritedPath, openFilePath } from '../platform/process/open-files.ts'
import type { TagReader } from '../ports/tag-reader.ts'
import type { Transcoder } from '../ports/transcoder.ts'
import { fakeTagReader, fakeTranscoder, type FakeMusic } from './fake-music.testkit.ts'
import { makeMusic, openLibrary, readCatalog } from './library.testkit.ts'
import { openInPlace } from './open-in-place.ts'

const signal = new AbortController().signal
const hasOpenFilePaths = inheritedPath(0) !== undefined
const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})
const shown = { name: 'public', isPublic: true } as const
const song = (title: string, seconds: number): FakeMusic => ({
  format: 'flac',
  take: 1,
  seconds,
  tags: { title, album: 'Album', albumArtist: 'Ann', artist: 'Ann', position: 1 },
})

/** `aroundTools` runs a tool; what it does before and after happens while the tool has the file. */
const open = async (aroundTools: <T>(use: () => Promise<T>) => Promise<T> = (use) => use()) => {
  const music = await makeMusic()
  const transcoder: Transcoder = {
    ...fakeTranscoder,
    probe: (...file) => aroundTools(() => fakeTranscoder.probe(...file)),
    transcode: (...request) => aroundTools(() => fakeTranscoder.transcode(...request)),
  }
  const tags: TagReader = { read: (...file) => aroundTools(() => fakeTagReader.read(...file)) }
  const library = await openLibrary(music, new Set(), { transcoder, tags })
  closing.push(library.close, music.remove)
  return { music, library }
}
type World = Awaited<ReturnType<typeof open>>
const tracks = async ({ library }: World) =>
  (await readCatalog(library, 'everyone')).releases.flatMap((release) => release.tracks) as unknown as {
    title: string
    durationMs: number
  }[]
const states = async ({ library }: World) => (await library.stores().sources.items({ limit: 5 })).items

it.skipIf(!hasOpenFilePaths)(
  '[CT17] publishes the file that was scanned when its name leads to another file while a tool opens it',
  async () => {
    let swaps = 0
    const world = await open(async (use) => {
      // Renaming back keeps the number and the time of the file: nothing tells afterwards that it was away.
      await rename(world.music.pathOf('public/1.flac'), world.music.pathOf('away.flac'))
      await symlink(world.music.pathOf('secret.flac'), world.music.pathOf('public/1.flac'))
      const used = await use()
      await rename(world.music.pathOf('away.flac'), world.music.pathOf('public/1.flac'))
      swaps += 1
      return used
    })
    await world.music.write('public/1.flac', song('Shown', 30))
    await world.music.write('secret.flac', song('Secret', 99))
    await world.library.scan([shown])
    await world.library.work()
    // Tags, probe and encoding; then probe or encoding of the other renditions.
    expect(swaps).toBeGreaterThan(3)
    expect((await tracks(world)).map(({ title, durationMs }) => [title, Math.round(durationMs / 1000)])).toEqual([
      ['Shown', 30],
    ])
  },
)

it('[CT17] refuses a file that is replaced while a tool reads it, and keeps what was known of it', async () => {
  let isReplacing = false
  const world = await open(async (use) => {
    const used = await use()
    if (isReplacing) await world.music.write('public/1.flac', song('Third', 50))
    return used
  })
  await world.music.write('public/1.flac', song('First', 30))
  await world.library.scan([shown])
  await world.library.work()
  await world.music.write('public/1.flac', song('Second', 40))
  isReplacing = true
  await world.library.scan([shown])
  await world.library.work()
  expect(await states(world)).toMatchObject([{ state: { kind: 'refused', code: 'unreadable' } }])
  expect((await tracks(world)).map(({ title }) => title)).toEqual(['First'])
  isReplacing = false
  await world.library.scan([shown])
  await world.library.work()
  expect((await tracks(world)).map(({ title }) => title)).toEqual(['Third'])
})

it('[CT17] notices that the file which was opened is in another place', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tonestead-place-'))
  closing.push(() => rm(folder, { recursive: true }))
  const placed = { path: join(folder, 'Ann', '1.flac'), name: join('Ann', '1.flac') }
  await mkdir(join(folder, 'Ann'))
  await writeFile(placed.path, 'a')
  // As the system answers when a folder was a link while the file was opened.
  const elsewhere = () => Promise.resolve(join(folder, 'elsewhere', '1.flac'))
  await expect(openInPlace(placed, elsewhere, signal)).rejects.toThrow('was moved while it was opened')
  await (await openInPlace(placed, openFilePath, signal)).close()
  // A short name for people may be the end of the path by chance: an upload is not below a folder.
  await (await openInPlace({ ...placed, name: 'c' }, elsewhere, signal)).close()
})

it('[CT17] does not publish the target of a link that was put in the place of a file or folder after the scan', async () => {
  const world = await open()
  await writeFile(world.music.pathOf('secret.flac'), 'fLaC{"seconds":30,"take":9,"format":"flac"}')
  await world.music.write('public/1.flac', song('One', 30))
  await world.music.write('public/in/2.flac', song('Two', 30))
  await mkdir(world.music.pathOf('elsewhere'))
  await writeFile(world.music.pathOf('elsewhere/2.flac'), 'fLaC{"seconds":30,"take":9,"format":"flac"}')
  await world.library.scan([shown])
  await rm(world.music.pathOf('public/1.flac'))
  await symlink(world.music.pathOf('secret.flac'), world.music.pathOf('public/1.flac'))
  await rm(world.music.pathOf('public/in'), { recursive: true })
  await symlink(world.music.pathOf('elsewhere'), world.music.pathOf('public/in'))
  await world.library.work()
  expect(await tracks(world)).toEqual([])
  expect(await world.library.stores().sources.summary()).toMatchObject({ refused: 2 })
})

it.skipIf(process.platform === 'win32')('[CT17] does not wait for a FIFO', async () => {
  const world = await open()
  await world.music.write('public/1.flac', song('One', 30))
  await world.library.scan([shown])
  await rm(world.music.pathOf('public/1.flac'))
  execFileSync('mkfifo', [join(world.music.root, 'public/1.flac')])
  await world.library.work()
  const { items } = await world.library.stores().sources.items({ limit: 5 })
  expect(items).toMatchObject([{ state: { kind: 'refused', code: 'not-audio' } }])
})
