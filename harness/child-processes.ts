import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'

export type RunningProcess = { readonly pid: number; readonly parent: number }

/** Ends every process that was started by this one, and by those. For what is left after an orderly end. */
export const killDescendants = (): void => {
  for (const pid of descendantsOf(process.pid)) {
    try {
      process.kill(pid, 'SIGKILL')
    } catch {
      // It ended by itself in the meantime.
    }
  }
}

/** Without processes that have ended and only wait to be collected ("Z"). */
export const runningProcesses = (): RunningProcess[] => {
  const lines = existsSync('/proc/self/stat')
    ? readdirSync('/proc')
        .filter((name) => /^\d+$/.test(name))
        .map(readProcess)
    : spawnSync('ps', ['-A', '-o', 'pid=,ppid=,stat='], { encoding: 'utf8' }).stdout.split('\n')
  return lines.flatMap((line) => {
    const [pid = '', parent = '', state = 'Z'] = line.trim().split(/\s+/)
    return state.startsWith('Z') ? [] : [{ pid: Number(pid), parent: Number(parent) }]
  })
}

/** Children before their parents. */
const descendantsOf = (pid: number): number[] => {
  const childrenOf = Map.groupBy(runningProcesses(), ({ parent }) => parent)
  const below = (parent: number): number[] =>
    (childrenOf.get(parent) ?? []).flatMap((child) => [...below(child.pid), child.pid])
  return below(pid)
}

/** As `ps` prints it: pid, parent, state. In proc(5) state and parent stand after the name, which is in brackets. */
const readProcess = (pid: string): string => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const [state = '', parent = ''] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return `${pid} ${parent} ${state}`
  } catch {
    // It has ended in the meantime.
    return ''
  }
}
