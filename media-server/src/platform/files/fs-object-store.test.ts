import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { objectStoreContract } from '../../ports/object-store.contract.ts'
import { openFsObjectStore } from './fs-object-store.ts'

const signal = new AbortController().signal
const root = await mkdtemp(join(tmpdir(), 'tonestead-objects-'))
afterAll(() => rm(root, { recursive: true, force: true }))

describe('the file system object store', () => {
  objectStoreContract(async () => openFsObjectStore(await mkdtemp(join(root, 'store-'))))

  it('deletes incomplete files of an interrupted run', async () => {
    const folder = await mkdtemp(join(root, 'swept-'))
    await openFsObjectStore(folder)
    await writeFile(join(folder, 'tmp', 'half'), 'half of a')
    await openFsObjectStore(folder)
    expect(await readdir(join(folder, 'tmp'))).toEqual([])
  })

  it.each(['truncated', 'altered'])('never returns a %s object, and replaces it by the right bytes', async (fault) => {
    const folder = await mkdtemp(join(root, 'torn-'))
    const store = await openFsObjectStore(folder)
    const bytes = new Uint8Array(randomBytes(1000))
    const id = await store.put(bytes, signal)
    const altered = bytes.map((byte, index) => (index === 500 ? byte ^ 1 : byte))
    await writeFile(join(folder, id.slice(0, 2), id.slice(2, 4), id), fault === 'truncated' ? 'torn' : altered)
    await expect(store.get(id, signal)).rejects.toMatchObject({ code: 'chunk-damaged' })
    expect(await store.check(id, signal)).toBe('damaged')
    await store.put(bytes, signal)
    expect(await store.get(id, signal)).toEqual(bytes)
    expect(await store.check(id, signal)).toBe('sound')
  })
})

const mounted = await mountSmallDisk()
describe.skipIf(mounted === undefined)('a full disk (skipped where mounting a tmpfs is not permitted)', () => {
  it('rejects with storage-full, leaves nothing behind, and works again when there is space', async () => {
    const folder = mounted ?? ''
    const store = await openFsObjectStore(folder)
    const first = await store.put(new Uint8Array(100_000).fill(1), signal)
    await expect(store.put(new Uint8Array(3_000_000).fill(2), signal)).rejects.toMatchObject({ code: 'storage-full' })
    expect(await readdir(join(folder, 'tmp'))).toEqual([])
    await store.delete(first, signal)
    const again = await store.put(new Uint8Array(100_000).fill(3), signal)
    expect(await store.sizeOf(again, signal)).toBe(100_000)
  })
})

async function mountSmallDisk(): Promise<string | undefined> {
  const folder = await mkdtemp(join(root, 'small-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tonestead-test', folder], { stdio: 'ignore' })
  } catch {
    console.warn('SKIPPED: mounting a tmpfs is not permitted here; the full disk is not tested')
    return undefined
  }
  afterAll(() => {
    execFileSync('umount', [folder])
  })
  return folder
}
