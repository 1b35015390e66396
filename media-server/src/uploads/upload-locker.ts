import { ProblemError } from '@tonestead/protocol/problem'
import type { Locker } from '@tus/server'

/** What a request does when the upload is locked: a writer is refused at once; others ask the writer to end and wait for it. */
export type LockNeed = 'refuse' | 'wait'

type Holder = { readonly requestRelease: () => unknown; waiter: (() => void) | undefined }

/** Longer than the time that the library gives a writer to end (3 seconds). */
const maxWaitMs = 5000

/**
 * Locks for the tus library: one request at a time for each upload. A second PATCH gets the problem `upload-locked` at once. HEAD and DELETE come from a
 * client whose PATCH has broken off: the server may not have noticed that yet, so they make it end, and one of them waits; further ones are refused.
 * Nothing polls: a lock that is released wakes its waiter.
 */
export const createUploadLocker = (): ((need: LockNeed) => Locker) => {
  const holders = new Map<string, Holder>()
  const waitFor = async (holder: Holder, signal: AbortSignal): Promise<void> => {
    if (holder.waiter !== undefined) throw lockedProblem()
    const released = Promise.withResolvers<undefined>()
    holder.waiter = () => {
      released.resolve(undefined)
    }
    const limit = AbortSignal.any([signal, AbortSignal.timeout(maxWaitMs)])
    const giveUp = (): void => {
      released.reject(lockedProblem())
    }
    limit.addEventListener('abort', giveUp, { once: true })
    try {
      if (limit.aborted) throw lockedProblem()
      void holder.requestRelease()
      await released.promise
    } finally {
      holder.waiter = undefined
      limit.removeEventListener('abort', giveUp)
    }
  }
  return (need) => ({
    newLock: (id) => ({
      lock: async (signal, requestRelease) => {
        const holder = holders.get(id)
        if (holder !== undefined) {
          if (need === 'refuse') throw lockedProblem()
          await waitFor(holder, signal)
          // Another request was faster.
          if (holders.has(id)) throw lockedProblem()
        }
        holders.set(id, { requestRelease, waiter: undefined })
      },
      unlock: () => {
        const holder = holders.get(id)
        holders.delete(id)
        holder?.waiter?.()
        return Promise.resolve()
      },
    }),
  })
}

const lockedProblem = (): ProblemError =>
  new ProblemError('upload-locked', 'Another request is sending bytes of this upload. Wait for its end.')
