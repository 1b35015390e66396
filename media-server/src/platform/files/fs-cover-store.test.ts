import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe } from 'vitest'
import { coverStoreContract } from '../../ports/cover-store.contract.ts'
import { createFsCoverStore } from './fs-cover-store.ts'

const root = await mkdtemp(join(tmpdir(), 'tonestead-covers-'))
afterAll(() => rm(root, { recursive: true, force: true }))

describe('the file system cover store', () => {
  let folder = ''
  coverStoreContract(
    async () => createFsCoverStore((folder = await mkdtemp(join(root, 'store-')))),
    () => Promise.resolve(createFsCoverStore(folder)),
    async ({ id, size, format }) => {
      const path = join(folder, id.slice(0, 2), id, `${size}.${format}`)
      const bytes = await readFile(path)
      bytes[bytes.length >> 1]! ^= 0x10
      await writeFile(path, bytes)
    },
  )
})
