import type { LeaderLock } from '../../ports/documents/leader-lock.ts'

/** Web Locks. A lock that was taken by force rejects the request of who held it. */
export const webLeaderLock: LeaderLock = async (name, { isForced, signal }, work) => {
  signal.throwIfAborted()
  const lost = new AbortController()
  let hasBegun = false
  let ended: Promise<void> = Promise.resolve()
  // A forced request is granted at once, and the browser takes no signal with it.
  const options: LockOptions = isForced ? { steal: true } : { signal }
  try {
    await navigator.locks.request(name, options, () => {
      hasBegun = true
      ended = work(lost.signal)
      return ended
    })
  } catch (cause) {
    if (!hasBegun) throw cause
    lost.abort(new DOMException('another tab has taken the lock', 'AbortError'))
    await ended
  }
}
