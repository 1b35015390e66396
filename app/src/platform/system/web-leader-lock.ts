import type { LeaderLock } from '../../ports/documents/leader-lock.ts'

/** Web Locks. A lock that was taken by force rejects the request of who held it. */
export const webLeaderLock: LeaderLock = async (name, { isForced, signal }, work) => {
  signal.throwIfAborted()
  const lost = new AbortController()
  const held: { work: Promise<void> | undefined } = { work: undefined }
  // A forced request is granted at once, and the browser takes no signal with it.
  const options: LockOptions = isForced ? { steal: true } : { signal }
  try {
    await navigator.locks.request(name, options, () => {
      held.work = work(lost.signal)
      return held.work
    })
  } catch (cause) {
    if (held.work === undefined) throw cause
    lost.abort(new DOMException('another tab has taken the lock', 'AbortError'))
    await held.work
  }
}
