import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { helpText, parseBenchOptions, type OptionSpecs } from './bench-options.ts'
import { killDescendants } from './child-processes.ts'
import { formatTable } from './format-table.ts'
import { readGivenTools, type Tool, type ToolPaths } from './given-tools.ts'
import { note } from './note.ts'
import type { Row } from './rows.ts'

export type BenchDescription<Option extends string> = {
  readonly name: string
  /** What is measured, and beside what. For `--help`. */
  readonly about: string
  readonly options: OptionSpecs<Option>
  /** Without these the benchmark does not start. */
  readonly requiredTools?: readonly Tool[]
  /** Without these a peer is left out. */
  readonly peerTools?: readonly Tool[]
}

export type BenchRun<Option extends string = never> = {
  readonly options: Readonly<Record<Option, string>>
  readonly isShort: boolean
  readonly tools: ToolPaths
  /** A temporary folder, removed at the end. */
  readonly folder: string
  /** The rows are printed at the end, and also when the benchmark is interrupted. */
  add(...rows: readonly Row[]): void
  /** Called at the end, whatever the end is; what was opened last is closed first. */
  onEnd(close: () => unknown): void
  /** Ends the benchmark at once with this message and exit code 1. */
  fail(error: Error): void
}

/** A step at the end that takes longer is given up; its processes are then killed. */
const closeLimitMs = 10_000

/** Runs a benchmark file from its arguments to its exit code. No server, browser or folder stays behind, however it ends. */
export const runBench = async <Option extends string>(
  description: BenchDescription<Option>,
  measure: (run: BenchRun<Option>) => Promise<void>,
): Promise<void> => {
  const parsed = parseBenchOptions(description.options, process.argv.slice(2))
  const { requiredTools = [], peerTools = [] } = description
  if (parsed.kind === 'help')
    return console.log(helpText({ ...description, needs: needsText(requiredTools, peerTools) }, description.options))
  if (parsed.kind === 'invalid') return refuse([parsed.why, `See: npm run bench -- ${description.name} --help`])
  const required = readGivenTools(requiredTools, process.env)
  if (required.missing.length > 0)
    return refuse([...required.missing, `npm run bench -- ${description.name} looks for it by itself.`])
  const peers = readGivenTools(peerTools, process.env)
  for (const missing of peers.missing) note(`${missing} The benchmark runs without this peer.`)

  const rows: Row[] = []
  const closers: (() => unknown)[] = []
  const folder = mkdtempSync(join(tmpdir(), `tonestead-bench-${description.name}-`))
  const ending = Promise.withResolvers<never>()
  listenForTheEnd(ending.reject, folder)
  const run: BenchRun<Option> = {
    options: parsed.values,
    isShort: parsed.isShort,
    tools: { ...required.paths, ...peers.paths },
    folder,
    add: (...more) => void rows.push(...more),
    onEnd: (close) => void closers.unshift(close),
    fail: ending.reject,
  }
  const outcome = await Promise.race([measure(run), ending.promise]).then(
    () => ({ exitCode: 0, mayPrint: true }),
    (error: unknown) => report(error),
  )
  await closeAll(closers)
  if (outcome.mayPrint) console.log(parsed.isJson ? JSON.stringify(rows, undefined, 1) : formatTable(rows))
  process.exit(outcome.exitCode)
}

/** A signal ends the benchmark, but is no fault. */
class Interruption extends Error {
  readonly exitCode: number
  constructor(signal: 'SIGINT' | 'SIGTERM') {
    super(`${signal}: the benchmark was interrupted. The rows are those measured until now.`)
    this.exitCode = signal === 'SIGINT' ? 130 : 143
  }
}

const report = (error: unknown): { exitCode: number; mayPrint: boolean } => {
  if (error instanceof Interruption) {
    note(error.message)
    return { exitCode: error.exitCode, mayPrint: true }
  }
  note(`The benchmark failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`)
  return { exitCode: 1, mayPrint: false }
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
        note('Something did not close in time; its processes are killed.')
        resolve()
      }, closeLimitMs)
    })
    await Promise.race([Promise.resolve().then(close), tooLong]).catch((error: unknown) =>
      note(`Closing failed: ${error instanceof Error ? error.message : String(error)}`),
    )
    clearTimeout(timer)
  }
}

const refuse = (lines: readonly string[]): void => {
  for (const line of lines) note(line)
  process.exitCode = 2
}

const needsText = (required: readonly Tool[], peers: readonly Tool[]): string =>
  [
    ...(required.length === 0 ? [] : [`It needs ${required.join(' and ')}.`]),
    ...(peers.length === 0 ? [] : [`Without ${peers.join(' or ')} a peer is left out.`]),
  ].join(' ')
