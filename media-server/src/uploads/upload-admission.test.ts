import { parseUnixMs } from '@tonestead/crdt/instant'
import { describe, expect, it } from 'vitest'
import type { StoredUpload } from '../ports/upload-store.ts'
import { checkFreeSpace, createUploadAdmission } from './upload-admission.ts'

const mebibyte = 1024 * 1024
const storedOf = (id: string, sizeBytes: number): StoredUpload => ({
  id,
  account: 'ann',
  name: 'a',
  isPublic: false,
  sizeBytes,
  receivedBytes: 0,
})

/** `stored` is what is on disk. Each read of the list takes some turns of the event loop. */
const openAdmission = (freeBytes: number) => {
  const stored: StoredUpload[] = []
  const admission = createUploadAdmission({
    uploads: {
      sweep: () => Promise.resolve(),
      list: async () => {
        const read = [...stored]
        await new Promise((resolve) => setImmediate(resolve))
        return read
      },
    },
    freeBytes: () => Promise.resolve(freeBytes),
    clock: { now: () => parseUnixMs(1), after: () => Promise.resolve() },
  })
  return { stored, admission }
}
const outcomes = async (promises: readonly Promise<void>[]): Promise<string[]> =>
  (await Promise.allSettled(promises)).map((each) =>
    each.status === 'fulfilled' ? 'admitted' : (each.reason as { code: string }).code,
  )
const count = (texts: readonly string[], text: string): number => texts.filter((each) => each === text).length

describe('admission of uploads', () => {
  it('reserves room: uploads that begin together cannot promise more than is free', async () => {
    const { admission } = openAdmission(512 * mebibyte + 10 * mebibyte)
    const asked = Array.from({ length: 20 }, (_, index) =>
      admission.admit({ id: `${index}`, account: `account ${index}`, sizeBytes: mebibyte }),
    )
    expect(count(await outcomes(asked), 'admitted')).toBe(10)
  })

  it('counts a reservation that ends while another admission reads the disk', async () => {
    const { stored, admission } = openAdmission(512 * mebibyte + mebibyte)
    await admission.admit({ id: 'first', account: 'ann', sizeBytes: mebibyte })
    const second = admission.admit({ id: 'second', account: 'bob', sizeBytes: 1 })
    await Promise.resolve()
    stored.push(storedOf('first', mebibyte))
    admission.release('first')
    expect(await outcomes([second])).toEqual(['storage-full'])
  })

  it('leaves room to others: further uploads of one account may take half of it', async () => {
    const { admission } = openAdmission(512 * mebibyte + 100 * mebibyte)
    const own = Array.from({ length: 10 }, (_, index) =>
      admission.admit({ id: `${index}`, account: 'ann', sizeBytes: 20 * mebibyte }),
    )
    expect(count(await outcomes(own), 'admitted')).toBe(2)
    await admission.admit({ id: 'other', account: 'bob', sizeBytes: 60 * mebibyte })
  })

  it('is free again after a release without a record', async () => {
    const { admission } = openAdmission(512 * mebibyte + mebibyte)
    await admission.admit({ id: 'first', account: 'ann', sizeBytes: mebibyte })
    expect(await outcomes([admission.admit({ id: 'second', account: 'bob', sizeBytes: 1 })])).toEqual(['storage-full'])
    admission.release('first')
    expect(await outcomes([admission.admit({ id: 'second', account: 'bob', sizeBytes: 1 })])).toEqual(['admitted'])
  })

  it('refuses an upload that does not fit on the disk', () => {
    expect(() => checkFreeSpace(2 ** 30, 2 ** 29)).toThrow(expect.objectContaining({ code: 'storage-full' }))
    expect(() => checkFreeSpace(2 ** 20, 2 ** 40)).not.toThrow()
  })
})
