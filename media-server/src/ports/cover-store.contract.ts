import { createHash, randomBytes } from 'node:crypto'
import { parseChunkId } from '@tonestead/crdt/ids'
import type { Bytes } from '@tonestead/protocol/bytes'
import { coverFormats, coverSizes } from '@tonestead/protocol/catalog'
import { expect, it } from 'vitest'
import type { CoverFile, CoverStore } from './cover-store.ts'

/** The contract of every cover store. `open` returns an empty one; `reopen` opens the one that was opened last again, as another process does; `alter` changes a byte of one of its files, as a faulty disk does. */
export const coverStoreContract = (
  open: () => Promise<CoverStore>,
  reopen: () => Promise<CoverStore>,
  alter: (file: CoverFile) => Promise<void>,
): void => {
  const random = (length: number): Bytes => new Uint8Array(randomBytes(length))
  const idOf = (name: string) => parseChunkId(createHash('sha256').update(name).digest('hex'))
  const small = (name: string): CoverFile => ({ id: idOf(name), size: 96, format: 'webp' })

  it('returns each file that was put, by cover, size and format', async () => {
    const store = await open()
    const files = ['one', 'two'].flatMap((name) =>
      coverSizes.flatMap((size) => coverFormats.map((format) => ({ id: idOf(name), size, format }))),
    )
    const all = files.map(() => random(5000))
    await Promise.all(files.map((file, index) => store.put(file, all[index] ?? new Uint8Array())))
    expect(await Promise.all(files.map((file) => store.get(file)))).toEqual(all)
  })

  it('returns undefined for a file that does not exist', async () => {
    const store = await open()
    await store.put(small('one'), random(10))
    expect(await store.get(small('two'))).toBeUndefined()
    expect(await store.get({ ...small('one'), format: 'jpg' })).toBeUndefined()
  })

  it('replaces a file that has other bytes, because it is damaged', async () => {
    const store = await open()
    const bytes = random(100)
    await store.put(small('one'), random(200))
    await store.put(small('one'), bytes)
    expect(await store.get(small('one'))).toEqual(bytes)
  })

  it('stores one file that is put many times at the same time', async () => {
    const store = await open()
    const bytes = random(50_000)
    await Promise.all(Array.from({ length: 16 }, () => store.put(small('one'), bytes)))
    expect(await store.get(small('one'))).toEqual(bytes)
  })

  it('never returns a file whose bytes have changed, and has it back when it is put again', async () => {
    const store = await open()
    const bytes = random(1000)
    expect(await store.check(small('one'))).toBe('missing')
    await store.put(small('one'), bytes)
    expect(await store.check(small('one'))).toBe('sound')
    await alter(small('one'))
    expect([await store.check(small('one')), await store.get(small('one'))]).toEqual(['damaged', undefined])
    await store.put(small('one'), bytes)
    expect([await store.check(small('one')), await store.get(small('one'))]).toEqual(['sound', bytes])
  })

  it('shows what was put to whoever opens it besides', async () => {
    const store = await open()
    const other = await reopen()
    const bytes = random(1000)
    await store.put(small('one'), bytes)
    expect(await other.get(small('one'))).toEqual(bytes)
  })
}
