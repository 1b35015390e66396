import { spawn, type ChildProcessByStdio } from 'node:child_process'
import type { Readable } from 'node:stream'
import type { ProcessLimits, ProcessSandbox } from './process-sandbox.ts'

export type ProcessResult = {
  /** Undefined when a signal ended the process. */
  readonly code: number | undefined
  readonly signal: NodeJS.Signals | undefined
  readonly isOverWallTime: boolean
  /** True when `onOutput` returned false. */
  readonly isStopped: boolean
  /** The last lines of standard error. */
  readonly lines: readonly string[]
  readonly errorLines: number
}

export type ProcessCommand = {
  readonly command: string
  readonly args: readonly string[]
  readonly limits: ProcessLimits
  readonly sandbox: ProcessSandbox
  readonly signal: AbortSignal
  /** A descriptor of this process that the child gets as its descriptor 3. */
  readonly inherited?: number | undefined
  /** Returns false when no more output is needed: the process is killed. */
  readonly onOutput: (bytes: Uint8Array) => boolean
}

const maxLines = 200
const maxLineLength = 500

/** Runs a tool until it ends. Rejects only when the tool cannot be started or `signal` aborts (the process is killed then); every other end is in the result. */
export const runProcess = async (run: ProcessCommand): Promise<ProcessResult> => {
  run.signal.throwIfAborted()
  const [command = run.command, ...args] = [...run.sandbox.prefix(run.limits), run.command, ...run.args]
  const child = start(run, command, args)
  const errors = collectLines()
  let isOverWallTime = false
  let isStopped = false
  const kill = (): void => void child.kill('SIGKILL')
  const timer = setTimeout(() => {
    isOverWallTime = true
    kill()
  }, run.limits.wallMs)
  run.signal.addEventListener('abort', kill)
  if (run.signal.aborted) kill()
  child.stdout.on('data', (bytes: Buffer) => {
    if (isStopped || run.onOutput(bytes)) return
    isStopped = true
    kill()
  })
  child.stderr.setEncoding('utf8').on('data', errors.write)
  try {
    const { code, signal } = await waitForEnd(child)
    run.signal.throwIfAborted()
    return { code: code ?? undefined, signal: signal ?? undefined, isOverWallTime, isStopped, ...errors.end() }
  } finally {
    clearTimeout(timer)
    run.signal.removeEventListener('abort', kill)
  }
}

const start = ({ inherited }: ProcessCommand, command: string, args: readonly string[]) => {
  const env = cleanEnvironment()
  // With three entries the types know that both streams exist.
  if (inherited === undefined) return spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], env })
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe', inherited], env })
  return child as ChildProcessByStdio<null, Readable, Readable>
}

/** The tool gets none of our variables: no keys, no proxies, no FFREPORT that writes files. */
const cleanEnvironment = (): NodeJS.ProcessEnv => ({ PATH: process.env['PATH'] ?? '/usr/bin:/bin', LC_ALL: 'C' })

const waitForEnd = (child: ReturnType<typeof spawn>): Promise<{ code: number | null; signal: NodeJS.Signals | null }> =>
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
  let unfinished = ''
  const add = (line: string): void => {
    // Errors printed before this line concern tags and covers, not the audio.
    if (line.includes('Stream mapping:')) errorLines = 0
    if (/\[(?:error|fatal|panic)\]/.test(line)) errorLines += 1
    lines.push(line.slice(0, maxLineLength))
    if (lines.length > maxLines) lines.shift()
  }
  return {
    write: (text: string): void => {
      const parts = (unfinished + text).split(/[\r\n]+/)
      unfinished = (parts.pop() ?? '').slice(0, maxLineLength)
      parts.forEach(add)
    },
    end: () => {
      if (unfinished !== '') add(unfinished)
      return { lines, errorLines }
    },
  }
}
