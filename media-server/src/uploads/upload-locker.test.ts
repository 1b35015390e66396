import { describe, expect, it } from 'vitest'
import { createUploadLocker } from './upload-locker.ts'

const open = new AbortController().signal
const nothing = (): void => undefined

describe('the locker of uploads', () => {
  it('refuses a second writer at once, and gives the lock to the next after a release', async () => {
    const lockerFor = createUploadLocker()
    const [first, second] = [lockerFor('refuse').newLock('a'), lockerFor('refuse').newLock('a')]
    await first.lock(open, nothing)
    await expect(second.lock(open, nothing)).rejects.toMatchObject({ code: 'upload-locked' })
    await lockerFor('refuse').newLock('b').lock(open, nothing)
    await first.unlock()
    await second.lock(open, nothing)
  })

  it('lets one reader wait: it asks the writer to end, and goes on when the lock is released', async () => {
    const lockerFor = createUploadLocker()
    const writer = lockerFor('refuse').newLock('a')
    let asked = 0
    await writer.lock(open, () => {
      asked += 1
    })
    const reader = lockerFor('wait').newLock('a')
    const waiting = reader.lock(open, nothing)
    await expect(lockerFor('wait').newLock('a').lock(open, nothing)).rejects.toMatchObject({ code: 'upload-locked' })
    expect(asked).toBe(1)
    await writer.unlock()
    await waiting
    await expect(writer.lock(open, nothing)).rejects.toMatchObject({ code: 'upload-locked' })
  })

  it('ends a wait with its request, and another one may wait then', async () => {
    const lockerFor = createUploadLocker()
    const writer = lockerFor('refuse').newLock('a')
    await writer.lock(open, nothing)
    const gone = new AbortController()
    const waiting = lockerFor('wait').newLock('a').lock(gone.signal, nothing)
    gone.abort()
    await expect(waiting).rejects.toMatchObject({ code: 'upload-locked' })
    const next = lockerFor('wait').newLock('a').lock(open, nothing)
    await writer.unlock()
    await next
  })
})
