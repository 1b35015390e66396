import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdir, open, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { claimCodeOf, createDevice, type Device } from '../harness/device.ts'
import { freePort, startServer, untilPublished, type RunningServer } from '../harness/server-process.ts'
import { makeSound, writeWav } from '../harness/sound.ts'
import { temporaryFolder } from '../harness/temporary-folder.ts'
import { until } from '../harness/until.ts'

const run = promisify(execFile)

let folder: Awaited<ReturnType<typeof temporaryFolder>>
let data: string
let music: string
let port: number
let server: RunningServer | undefined

const start = async (): Promise<RunningServer> => {
  server = await startServer({ data, port, args: ['--no-demo', '--public', music] })
  return server
}
const tracksOf = async (origin: string) =>
  ((await (await fetch(`${origin}/api/tracks`)).json()) as { items: { id: string; title: string }[] }).items
const command = (name: string, ...args: string[]) =>
  run(process.execPath, [join(import.meta.dirname, 'run.mjs'), name, '--data', data, ...args])
/** Uploads are private: they are listed to the account that had rights before, so its rights are back as well. */
const untilOwner = (owner: Device, ids: readonly string[]): Promise<void> =>
  until('the administrator sees the tracks again', async () => {
    const page = (await (await owner.request('GET', '/api/tracks')).json()) as { items?: { id: string }[] }
    return ids.every((id) => page.items?.some((track) => track.id === id) === true)
  })
const damageCatalog = async (): Promise<void> => {
  const path = join(data, 'catalog.sqlite')
  const { size } = await stat(path)
  await using file = await open(path, 'r+')
  for (let at = 0; at < size; at += 4096) await file.write(randomBytes(32), 0, 32, at)
}
const masters = async (): Promise<number> =>
  (await readdir(join(data, 'masters'), { recursive: true, withFileTypes: true }).catch(() => [])).filter((entry) =>
    entry.isFile(),
  ).length

beforeEach(async () => {
  port = await freePort()
  folder = await temporaryFolder('rebuild')
  ;[data, music] = [join(folder.path, 'data'), join(folder.path, 'music')]
  await mkdir(join(music, 'Ann', 'Album'), { recursive: true })
  await writeWav(join(music, 'Ann', 'Album', '01 First.wav'), makeSound(4, 1))
  await writeWav(join(music, 'Ann', 'Album', '02 Second.wav'), makeSound(4, 2))
})
afterEach(async () => {
  await server?.stop()
  await folder[Symbol.asyncDispose]()
})

describe('a catalog that is damaged beyond use', () => {
  it('is refused at the start, and made again from the music folders with the same ids', async () => {
    const first = await start()
    await untilPublished(first.origin, { releases: 1, tracks: 2 })
    const before = await tracksOf(first.origin)
    await first.stop()
    await damageCatalog()
    await expect(start()).rejects.toThrow(/is damaged[\s\S]*npm run rebuild-catalog/)
    server = undefined
    const { stdout } = await command('rebuild-catalog')
    expect(stdout).toMatch(/The new catalog is in its place/)
    expect(stdout).toMatch(/There is no administrator/)
    const second = await start()
    await untilPublished(second.origin, { releases: 1, tracks: 2 })
    expect(await tracksOf(second.origin)).toEqual(before.map((track) => expect.objectContaining({ id: track.id })))
  })

  it('gives back accounts and music without files from a backup and the masters', async () => {
    const first = await start()
    const administrator = await createDevice(first.origin, await claimCodeOf(first))
    await untilPublished(first.origin, { releases: 1, tracks: 2 })
    await until('both files have a master', async () => (await masters()) === 2)
    const before = (await tracksOf(first.origin)).map((track) => track.id)
    await first.stop()
    const { openCatalogCopies } = await import('../media-server/src/open-database.ts')
    await openCatalogCopies(data).make(1_700_000_000_000 as never, new AbortController().signal)
    await writeFile(join(data, 'catalog.sqlite'), randomBytes(9000))
    await rm(join(data, 'catalog.sqlite-wal'), { force: true })
    await rm(join(music, 'Ann'), { recursive: true })
    const { stdout } = await command('rebuild-catalog', '--masters')
    expect(stdout).toMatch(/Masters: 2 written to the uploads, 0 without their key, 0 damaged/)
    expect(stdout).toMatch(/1 accounts/)
    await start()
    await untilOwner(administrator, before)
  })
})
