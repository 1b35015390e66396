import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { killDescendants } from './child-processes.ts'

export type ProgramRun = {
  /** A temporary folder, removed at the end. */
  readonly folder: string
  /** Called at the end, whatever the end is; what was opened last is closed first. */
  onEnd(close: () => unknown): void
  /** Ends the run at once with this message and exit code 1. */
  fail(error: Error): void
}

export type ProgramEnd = { readonly kind: 'done' | 'interrupted' | 'failed'; readonly exitCode: number }

/** A step at the end that takes longer is given up; its processes are killed when this process ends. */
const closeLimitMs = 10_000

/**
 * Runs a benchmark or campaign and closes what it opened: when it is done, when something fails (also an error or a promise that nobody handled), and on
 * SIGINT and SIGTERM. Says on stderr why it ended early. The caller then ends the process with the exit code; no child process or folder stays behind.
 */
export const runToEnd = async (name: string, work: (run: ProgramRun) => Promise<void>): Promise<ProgramEnd> => {
  const closers: (() => unknown)[] = []
  const folder = mkdtempSync(join(tmpdir(), `tonestead-${name}-`))
  const ending = Promise.withResolvers<never>()
  listenForTheEnd(ending.reject, folder)
  const run = { folder, onEnd: (close: () => unknown) => void closers.unshift(close), fail: ending.reject }
  const end = await Promise.race([work(run), ending.promise]).then(
    (): ProgramEnd => ({ kind: 'done', exitCode: 0 }),
    report,
  )
  await closeAll(closers)
  return end
}

/** A signal ends the run, but is no failure. */
class Interruption extends Error {
  readonly exitCode: number
  constructor(signal: 'SIGINT' | 'SIGTERM') {
    super(`Interrupted by ${signal}.`)
    this.exitCode = signal === 'SIGINT' ? 130 : 143
  }
}

const report = (error: unknown): ProgramEnd => {
  if (error instanceof Interruption) {
    console.error(error.message)
    return { kind: 'interrupted', exitCode: error.exitCode }
  }
  console.error(`Failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`)
  return { kind: 'failed', exitCode: 1 }
}

const listenForTheEnd = (end: (error: Error) => void, folder: string): void => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => end(new Interruption(signal)))
  for (const event of ['uncaughtException', 'unhandledRejection'] as const)
    process.on(event, (reason: unknown) => end(reason instanceof Error ? reason : new Error(String(reason))))
  // The last resort, also where a library ends the process.
  process.on('exit', () => {
    killDescendants()
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  })
}

const closeAll = async (closers: readonly (() => unknown)[]): Promise<void> => {
  for (const close of closers) {
    let timer: NodeJS.Timeout | undefined
    const tooLong = new Promise<void>((resolve) => {
      timer = setTimeout(() => {
        console.error('Something did not close in time; its processes are killed.')
        resolve()
      }, closeLimitMs)
    })
    await Promise.race([Promise.resolve().then(close), tooLong]).catch((error: unknown) =>
      console.error(`Closing failed: ${error instanceof Error ? error.message : String(error)}`),
    )
    clearTimeout(timer)
  }
}
