import { randomBytes } from 'node:crypto'
import { copyFile, mkdtemp, open, readdir, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { parseUnixMs } from '@tonestead/crdt/instant'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openCatalogCopies } from '../open-database.ts'
import { findSqliteDamage } from '../platform/sqlite/sqlite-file-check.ts'
import { openSqliteStores } from '../platform/sqlite/sqlite-stores.ts'
import type { Clock } from '../ports/clock.ts'
import { publicationOf } from '../ports/publication.testkit.ts'
import { createCatalogCare } from './catalog-care.ts'
import { restoreCatalog } from './restore-catalog.ts'

const dayMs = 86_400_000
let data: string
let path: string
let now: number
let faults: string[]
const signal = new AbortController().signal
const clock: Clock = { now: () => parseUnixMs(now), after: () => Promise.resolve() }
const openCare = () =>
  createCatalogCare({ copies: openCatalogCopies(data), clock, onFault: (message) => faults.push(message) })
const backups = async () => (await readdir(join(data, 'backups'))).toSorted()
const openStores = () => openSqliteStores({ path, instanceKey: new Uint8Array(32), at: 1, derive: () => undefined })

/** Flips bytes in the middle of the file, where tables and indexes are. */
const damage = async (file: string): Promise<void> => {
  const { size } = await stat(file)
  await using handle = await open(file, 'r+')
  for (let at = 8192; at < size; at += 4096) await handle.write(randomBytes(64), 0, 64, at)
}

beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), 'tonestead-care-'))
  path = join(data, 'catalog.sqlite')
  now = Date.parse('2026-03-01T12:00:00Z')
  faults = []
  const stores = openStores()
  for (let index = 0; index < 20; index += 1)
    await stores.catalog.publish(
      publicationOf({ title: `Title ${index}`, release: 'Release', artist: 'Ann' }),
      parseUnixMs(1),
    )
  await stores.close()
})
afterEach(() => rm(data, { recursive: true, force: true }))

describe('the care of the catalog', () => {
  it('makes one copy a day, which is complete, and keeps seven', async () => {
    const care = openCare()
    for (let day = 0; day < 9; day += 1) {
      await care.look(signal)
      await care.look(signal)
      now += dayMs
    }
    const names = await backups()
    expect(names).toHaveLength(7)
    expect(names[0]).toBe('catalog-2026-03-03T12-00-00-000Z.sqlite')
    expect(care.health()).toMatchObject({ state: 'sound', findings: [], backupAt: now - dayMs, checkedAt: now - dayMs })
    const copy = new DatabaseSync(join(data, 'backups', names.at(-1) ?? ''), { readOnly: true })
    expect(copy.prepare('SELECT count(*) AS tracks FROM tracks').get()).toEqual({ tracks: 20 })
    copy.close()
    expect((await stat(join(data, 'backups', names[0] ?? ''))).mode & 0o777).toBe(0o600)
  })

  it('copies while the catalog is open and written', async () => {
    const stores = openStores()
    const care = openCare()
    const copying = care.look(signal)
    await stores.catalog.publish(publicationOf({ title: 'Meanwhile', release: 'R', artist: 'Ann' }), parseUnixMs(2))
    await copying
    await stores.close()
    expect(await backups()).toHaveLength(1)
  })

  it('reports a damaged catalog, and does not let it push sound copies out', async () => {
    const care = openCare()
    await care.look(signal)
    await damage(path)
    for (let day = 0; day < 8; day += 1) {
      now += dayMs
      await care.look(signal)
    }
    expect(care.health().state).toBe('damaged')
    expect(care.health().findings).not.toEqual([])
    expect(faults[0]).toMatch(/is damaged/)
    expect(await backups()).toEqual(['catalog-2026-03-01T12-00-00-000Z.sqlite'])
  })

  it('leaves no incomplete copy behind when it is interrupted', async () => {
    await openCare()
      .look(AbortSignal.abort())
      .catch(() => undefined)
    await expect(readdir(join(data, 'backups')).catch(() => [])).resolves.toEqual([])
  })
})

describe('a restored catalog', () => {
  const restore = async () =>
    restoreCatalog({
      path,
      candidates: (await openCatalogCopies(data).list()).map(({ name }) => join(data, 'backups', name)),
      findDamage: findSqliteDamage,
      asideFolder: join(data, 'backups', `replaced-${now}`),
    })

  it('is the newest sound copy, and the damaged catalog is kept', async () => {
    const care = openCare()
    await care.look(signal)
    now += dayMs
    await care.look(signal)
    await damage(path)
    const newest = (await backups()).at(-1) ?? ''
    await truncate(join(data, 'backups', newest), 5000)
    expect(await restore()).toMatchObject({ kind: 'restored', passedOver: [expect.stringContaining(newest)] })
    const stores = openStores()
    expect((await stores.catalog.tracks({ limit: 50, sort: 'name' }, 'listeners')).items).toHaveLength(20)
    await stores.close()
    expect(await readdir(join(data, 'backups', `replaced-${now}`))).toContain('catalog.sqlite')
  })

  it('is not mixed with the write-ahead log of the damaged one', async () => {
    await openCare().look(signal)
    await writeFile(`${path}-wal`, randomBytes(9000))
    await copyFile(path, `${path}-shm`)
    expect(await restore()).toMatchObject({ kind: 'restored' })
    expect((await readdir(data)).toSorted()).toEqual(['backups', 'catalog.sqlite'])
  })

  it('is refused when no copy is sound: the catalog stays where it is', async () => {
    await damage(path)
    expect(await restore()).toEqual({ kind: 'no-sound-copy', passedOver: [] })
    expect(await readdir(data)).toContain('catalog.sqlite')
  })
})
