import { spawn } from 'node:child_process'
import type { ChildLimits, Confinement } from './child-limits.ts'

export type ChildEnd = {
  /** Undefined when a signal ended it. */
  readonly code: number | undefined
  readonly signal: NodeJS.Signals | undefined
  readonly isOverWallTime: boolean
  /** `onOutput` had seen enough. */
  readonly isStopped: boolean
  /** The last lines of standard error. */
  readonly lines: readonly string[]
  readonly errorLines: number
}

export type ChildRun = {
  readonly command: string
  readonly args: readonly string[]
  readonly limits: ChildLimits
  readonly confinement: Confinement
  readonly signal: AbortSignal
  /** False asks for the end of the child: enough has been seen. */
  readonly onOutput: (bytes: Uint8Array) => boolean
}

const keptLines = 200
const maxLineLength = 500

/** Runs a tool to its end. Rejects when it cannot be started or `signal` aborts; the child is killed then. Everything else is told in the value. */
export const runChild = async (run: ChildRun): Promise<ChildEnd> => {
  run.signal.throwIfAborted()
  const [command = run.command, ...args] = [...run.confinement.prefix(run.limits), run.command, ...run.args]
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], env: childEnvironment() })
  const errors = collectLines()
  let isOverWallTime = false
  let isStopped = false
  const kill = (): void => void child.kill('SIGKILL')
  const timer = setTimeout(() => {
    isOverWallTime = true
    kill()
  }, run.limits.wallMs)
  run.signal.addEventListener('abort', kill)
  child.stdout.on('data', (bytes: Buffer) => {
    if (isStopped || run.onOutput(bytes)) return
    isStopped = true
    kill()
  })
  child.stderr.setEncoding('utf8').on('data', errors.write)
  try {
    const { code, signal } = await ended(child)
    run.signal.throwIfAborted()
    return { code: code ?? undefined, signal: signal ?? undefined, isOverWallTime, isStopped, ...errors.end() }
  } finally {
    clearTimeout(timer)
    run.signal.removeEventListener('abort', kill)
  }
}

/** Nothing of ours is handed down: no keys, no proxies, no reports to files. */
const childEnvironment = (): NodeJS.ProcessEnv => ({ PATH: process.env['PATH'] ?? '/usr/bin:/bin', LC_ALL: 'C' })

const ended = (child: ReturnType<typeof spawn>): Promise<{ code: number | null; signal: NodeJS.Signals | null }> =>
  new Promise((resolve, reject) => {
    child.once('error', (cause) => {
      reject(new Error('the media tool could not be started', { cause }))
    })
    child.once('close', (code, signal) => {
      resolve({ code, signal })
    })
  })

const collectLines = () => {
  const lines: string[] = []
  let errorLines = 0
  let held = ''
  const keep = (line: string): void => {
    // What is said before this line is about tags and covers, not about the sound.
    if (line.includes('Stream mapping:')) errorLines = 0
    if (/\[(?:error|fatal|panic)\]/.test(line)) errorLines += 1
    lines.push(line.slice(0, maxLineLength))
    if (lines.length > keptLines) lines.shift()
  }
  return {
    write: (text: string): void => {
      const parts = (held + text).split(/[\r\n]+/)
      held = (parts.pop() ?? '').slice(0, maxLineLength)
      parts.forEach(keep)
    },
    end: () => {
      if (held !== '') keep(held)
      return { lines, errorLines }
    },
  }
}
