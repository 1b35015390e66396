import { readlinkSync } from 'node:fs'
import { constants, setPriority } from 'node:os'

/** Lets the other threads of this machine go first, for good. On Linux alone a priority is a thread's own; elsewhere nothing happens. */
export const lowerThreadPriority = (): void => {
  if (process.platform !== 'linux') return
  try {
    // <pid>/task/<tid>: https://man7.org/linux/man-pages/man5/proc.5.html
    setPriority(Number(readlinkSync('/proc/thread-self').split('/').at(-1)), constants.priority.PRIORITY_BELOW_NORMAL)
  } catch {
    // Without /proc, or where it is not allowed, all threads stay equal.
  }
}
