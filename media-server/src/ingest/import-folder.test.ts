import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { openSqliteStores } from '../platform/sqlite/sqlite-stores.ts'
import { systemClock } from '../platform/system-clock.ts'
import { importFolder } from './import-folder.ts'
import { scanFolder } from './scan-folder.ts'

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
  const scan = await scanFolder(folder, { isPublic: false }, signal)
  expect(scan.found.map((source) => source.name).sort()).toEqual([join('a', 'b', 'one.flac'), 'two.MP3'])
})

it('withdraws nothing when the folder itself cannot be read: an unplugged disk is not a deletion', async () => {
  const data = await mkdtemp(join(tmpdir(), 'tonestead-import-'))
  const folder = join(data, 'music')
  await mkdir(folder)
  await writeFile(join(folder, 'one.flac'), 'x')
  const stores = openSqliteStores({ path: join(data, 'catalog.sqlite'), instanceKey: new Uint8Array(32), at: 1 })
  const deps = { ...stores, clock: systemClock }
  expect(await importFolder(deps, { path: folder, isPublic: false }, signal)).toMatchObject({ found: 1, withdrawn: 0 })
  await rm(folder, { recursive: true })
  expect(await importFolder(deps, { path: folder, isPublic: false }, signal)).toMatchObject({
    found: 0,
    withdrawn: 0,
    unreadable: [folder],
  })
  expect((await stores.sources.summary()).found).toBe(1)
  await stores.close()
})
