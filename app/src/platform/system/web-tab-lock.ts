import type { TabLock } from '../../ports/tab-lock.ts'

/** Web Locks. Where the browser has none, tabs run at the same time; the versions of the store then refuse the later write. */
export const webTabLock: TabLock = async (name, signal, work) => {
  if ('locks' in navigator) await navigator.locks.request(name, { signal }, work)
  else await work()
}
