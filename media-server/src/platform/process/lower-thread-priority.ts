import { readlinkSync } from 'node:fs'
import { constants, setPriority } from 'node:os'

/** Lowers the priority of this thread for the rest of its life. Only Linux has a priority for each thread; elsewhere this does nothing. */
export const lowerThreadPriority = (): void => {
  if (process.platform !== 'linux') return
  try {
    // <pid>/task/<tid>: https://man7.org/linux/man-pages/man5/proc.5.html
    setPriority(Number(readlinkSync('/proc/thread-self').split('/').at(-1)), constants.priority.PRIORITY_BELOW_NORMAL)
  } catch {
    // Expected without /proc or without the permission: the thread keeps the normal priority, which is slower for others but right.
  }
}
