import { existsSync } from 'node:fs'
import { readlink } from 'node:fs/promises'
import type { OpenFilePath } from '../../ports/open-file-path.ts'

// Open files as paths: proc_pid_fd(5), on Linux only. Such a path leads to the open file, whatever its name leads to by now, and begins at the first byte.

const hasProc = process.platform === 'linux' && existsSync('/proc/self/fd')

export const openFilePath: OpenFilePath = (descriptor) =>
  hasProc ? readlink(`/proc/self/fd/${descriptor}`) : Promise.resolve(undefined)

/** The path by which a child process opens a file that it got as its descriptor `place`; undefined where the system has no such paths. */
export const inheritedPath = (place: number): string | undefined => (hasProc ? `/proc/self/fd/${place}` : undefined)

/** The path by which a running child process in the same namespaces opens a file that this process has open. The child may not be permitted to. */
export const sharedPath = (descriptor: number): string | undefined =>
  hasProc ? `/proc/${process.pid}/fd/${descriptor}` : undefined
