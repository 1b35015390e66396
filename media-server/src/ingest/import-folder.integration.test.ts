import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { openSqliteStores } from '../platform/sqlite/sqlite-stores.ts'
import { systemClock } from '../platform/system-clock.ts'
import { importFolder } from './import-folder.ts'
import { scanFolder } from './scan-folder.ts'
import { filesOnDisk, type ScannedFiles } from './scanned-files.ts'

const signal = new AbortController().signal

it('finds audio files at any depth, follows no links and skips hidden and other files', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tonestead-scan-'))
  const outside = await mkdtemp(join(tmpdir(), 'tonestead-outside-'))
  await mkdir(join(folder, 'a/b'), { recursive: true })
  await mkdir(join(folder, '.trash'))
  for (const path of ['a/b/one.flac', 'two.MP3', '.trash/three.mp3', '.hidden.mp3', 'cover.jpg', 'notes.txt'])
    await writeFile(join(folder, path), 'x')
  await writeFile(join(outside, 'secret.flac'), 'x')
  await symlink(outside, join(folder, 'link'))
  await symlink(join(outside, 'secret.flac'), join(folder, 'link.flac'))
  const scan = await scanFolder(filesOnDisk, { path: folder, isPublic: false, without: [] }, signal)
  expect(scan.found.map((source) => source.name).sort()).toEqual([join('a', 'b', 'one.flac'), 'two.MP3'])
})

it('[CT15] reports a folder that cannot be read, and leaves its files as they are', async () => {
  const data = await mkdtemp(join(tmpdir(), 'tonestead-import-'))
  const path = join(data, 'music')
  await mkdir(path)
  await writeFile(join(path, 'one.flac'), 'x')
  const stores = openSqliteStores({
    path: join(data, 'catalog.sqlite'),
    instanceKey: new Uint8Array(32),
    at: 1,
    derive: () => undefined,
  })
  const deps = { ...stores, files: filesOnDisk, clock: systemClock }
  const folder = { path, isPublic: false, without: [] }
  expect(await importFolder(deps, folder, signal)).toMatchObject({ found: 1, withdrawn: 0, unreadable: [] })
  await rm(path, { recursive: true })
  expect(await importFolder(deps, folder, signal)).toMatchObject({
    found: 0,
    withdrawn: 0,
    unreachable: 1,
    unreadable: [path],
  })
  expect(await stores.sources.summary()).toMatchObject({ found: 1, unreachable: 1 })
  await stores.close()
})

it('counts a folder as unreadable when a file in it cannot be looked at: the whole disk may be gone', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tonestead-scan-'))
  await mkdir(join(folder, 'a'))
  for (const name of ['a/one.flac', 'a/two.flac', 'three.flac']) await writeFile(join(folder, name), 'x')
  const lost: ScannedFiles = {
    ...filesOnDisk,
    stampOf: (path) => (path.endsWith('one.flac') ? Promise.resolve(undefined) : filesOnDisk.stampOf(path)),
  }
  const scan = await scanFolder(lost, { path: folder, isPublic: false, without: [] }, signal)
  expect(scan.unreadable).toEqual([join(folder, 'a')])
  expect(scan.found.map((source) => source.name).toSorted()).toEqual([join('a', 'two.flac'), 'three.flac'])
})

it('leaves out a folder that is imported on its own', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tonestead-scan-'))
  await mkdir(join(folder, 'inner'))
  for (const name of ['inner/one.flac', 'two.flac']) await writeFile(join(folder, name), 'x')
  const without = [join(folder, 'inner')]
  const scan = await scanFolder(filesOnDisk, { path: folder, isPublic: false, without }, signal)
  expect(scan.found.map((source) => source.name)).toEqual(['two.flac'])
})
