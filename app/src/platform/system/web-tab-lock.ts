import type { TabLock } from '../../ports/tab-lock.ts'

/** Web Locks; where there are none every tab takes its turn at once, and what they write has versions of its own. */
export const webTabLock: TabLock = async (name, signal, work) => {
  if ('locks' in navigator) await navigator.locks.request(name, { signal }, work)
  else await work()
}
