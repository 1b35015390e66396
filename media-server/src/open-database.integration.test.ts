import { randomBytes } from 'node:crypto'
import { cp, mkdir, mkdtemp, open, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import type { InstanceSecrets } from './ports/instance-secrets.ts'
import { StartRefusal } from './ports/start-refusal.ts'
import { publishSynthetic } from './synthetic-recording.testkit.ts'
import { openInstanceSecrets } from './platform/files/fs-instance-secrets.ts'
import { openDatabase } from './open-database.ts'
import { openObjectStore } from './platform/open-object-store.ts'

let root: string
let template: string
let data: string
let count = 0

const catalog = () => join(data, 'catalog.sqlite')
const secretsOf = (folder: string): Promise<InstanceSecrets> => openInstanceSecrets(folder, false)
const openFolder = async (): Promise<void> => {
  const database = await openDatabase({ dataFolder: data, secrets: await secretsOf(data), at: 1 })
  await database.close()
}
/** The message of the refusal. The catalog must be as it was. */
const refusal = async (): Promise<string> => {
  const before = await readFile(catalog()).catch(() => undefined)
  const error: unknown = await openFolder().then(
    () => undefined,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(StartRefusal)
  expect(await readFile(catalog()).catch(() => undefined)).toEqual(before)
  return error instanceof Error ? error.message : ''
}
const makeData = async (folder: string): Promise<void> => {
  const secrets = await secretsOf(folder)
  const stores = await openDatabase({ dataFolder: folder, secrets, at: 1 })
  const objects = await openObjectStore(folder)
  for (const title of ['One', 'Two'])
    await publishSynthetic({ stores, objects, secrets }, { title, release: 'Release', artist: 'Ann' })
  await stores.close()
}

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'tonestead-open-'))
  template = join(root, 'template')
  await mkdir(template, { mode: 0o700 })
  await makeData(template)
})
afterAll(() => rm(root, { recursive: true, force: true }))
beforeEach(async () => {
  count += 1
  data = join(root, `data-${count}`)
  await cp(template, data, { recursive: true })
})

it('opens its own catalog again and again', async () => {
  await openFolder()
  await openFolder()
})

it.each([
  [
    'flipped bytes',
    async () => {
      const { size } = await stat(catalog())
      await using file = await open(catalog(), 'r+')
      for (let at = 4096; at < size; at += 4096) await file.write(randomBytes(48), 0, 48, at)
    },
  ],
  ['a lost end', async () => truncate(catalog(), 4096 * 3)],
  ['another content', async () => writeFile(catalog(), randomBytes(8192))],
  [
    'a lost beginning',
    async () => {
      await using file = await open(catalog(), 'r+')
      await file.write(Buffer.alloc(4096), 0, 4096, 0)
    },
  ],
])('refuses a catalog with %s, and says the way back', async (_, damage) => {
  await damage()
  const text = await refusal()
  expect(text).toMatch(/catalog\.sqlite is damaged/)
  expect(text).toMatch(/npm run restore-catalog/)
})

it('refuses an empty or missing catalog beside objects, instead of making a new one', async () => {
  await truncate(catalog(), 0)
  expect(await refusal()).toMatch(/is empty, but there are objects/)
  await rm(catalog())
  expect(await refusal()).toMatch(/is missing, but there are objects/)
})

it('starts anew where a first start was interrupted: no objects yet', async () => {
  await rm(join(data, 'objects'), { recursive: true })
  await truncate(catalog(), 0)
  await openFolder()
})

it('refuses a catalog whose objects are gone, as on a disk that is not mounted', async () => {
  await rm(join(data, 'objects'), { recursive: true })
  expect(await refusal()).toMatch(/the folder "objects" beside it is empty/)
})

it('refuses every secret that is not the one of the catalog', async () => {
  const other = join(root, `other-${count}`)
  await mkdir(other, { mode: 0o700 })
  await secretsOf(other)
  for (const name of ['instance.key', 'ids.key', 'signing.pem', 'server-id']) {
    const path = join(data, 'secrets', name)
    const own = await readFile(path)
    await writeFile(path, await readFile(join(other, 'secrets', name)))
    expect(await refusal()).toMatch(new RegExp(`secrets/${name.replace('.', '\\.')} is not the one`))
    await writeFile(path, own)
  }
  await openFolder()
})

it('refuses a wrong instance.key also with a catalog of an earlier version, which has no marks', async () => {
  const database = new DatabaseSync(catalog())
  database.exec('DELETE FROM installation')
  database.close()
  const path = join(data, 'secrets', 'instance.key')
  const own = await readFile(path)
  await writeFile(path, randomBytes(32).toString('base64url'))
  expect(await refusal()).toMatch(/secrets\/instance\.key is not the one/)
  await writeFile(path, own)
  await openFolder()
})
