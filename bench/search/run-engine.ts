import { fork } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { QueryTimes } from './time-queries.ts'
import type { SearchTask } from './write-search-task.ts'

/** Sent once, when the index is built. Memory in bytes, after a garbage collection. */
type Built = {
  readonly kind: 'built'
  readonly buildMs: number
  readonly memory: number | undefined
  readonly peakMemory: number
  readonly indexBytes: number | undefined
}

/** What the process of an engine sends while it is measured. */
export type EngineReport =
  | Built
  | {
      readonly kind: 'times'
      /** How the engine was called: 'call' is a function call in the same process. */
      readonly via: string
      readonly times: QueryTimes
    }
  | {
      readonly kind: 'figure'
      readonly name: string
      readonly metric: string
      readonly unit: string
      readonly value: number
      /** Which level applies at a million tracks. */
      readonly levelName?: 'build' | 'steady' | 'swap'
    }

/** The one argument of the process of an engine. */
export type EngineOrder = {
  readonly engine: string
  readonly taskFile: string
  /** Folder of the Unix socket of PostgreSQL. */
  readonly socket: string | undefined
  /** For each kind of query. */
  readonly mostMs: number
  readonly rounds: number
}

export type EngineOutcome = {
  readonly reports: readonly EngineReport[]
  /** Why the process ended early. */
  readonly failure: string | undefined
}

export const unfinished = 'did not finish in'

/** Runs one engine in a process of its own, and kills it when the time is up. What it has reported until then stays. */
export const runEngine = (program: string, order: EngineOrder, limitSeconds: number): Promise<EngineOutcome> =>
  new Promise((resolve) => {
    const child = fork(join(import.meta.dirname, program), [JSON.stringify(order)], {
      execArgv: ['--expose-gc', '--max-old-space-size=8192'],
      serialization: 'advanced',
      // stdout of the benchmark is for rows.
      stdio: ['ignore', 2, 2, 'ipc'],
    })
    const reports: EngineReport[] = []
    let failure: string | undefined
    const timer = setTimeout(() => {
      failure = `${unfinished} ${limitSeconds} s`
      child.kill('SIGKILL')
    }, limitSeconds * 1000)
    child.on('message', (report) => void reports.push(report as EngineReport))
    child.on('error', (error) => void (failure ??= error.message))
    child.on('close', (code, signal) => {
      clearTimeout(timer)
      resolve({ reports, failure: failure ?? (code === 0 ? undefined : `ended with ${code ?? signal}`) })
    })
  })

/** In the process of an engine. */
export const readOrder = (): { readonly order: EngineOrder; readonly task: SearchTask } => {
  const order = JSON.parse(process.argv[2] ?? '') as EngineOrder
  return { order, task: JSON.parse(readFileSync(order.taskFile, 'utf8')) as SearchTask }
}

/** In the process of an engine: resolves when the report was handed to the operating system. */
export const sendReport = (report: EngineReport): Promise<void> =>
  new Promise((resolve, reject) =>
    process.send?.(report, (error: Error | null) => (error === null ? resolve() : reject(error))),
  )

/** Resident set in bytes, after garbage collections. */
export const restingMemory = async (): Promise<number> => {
  for (let turn = 0; turn < 3; turn += 1) {
    globalThis.gc?.()
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
  return process.memoryUsage().rss
}

/** In bytes. */
export const peakMemory = (): number => process.resourceUsage().maxRSS * 1024
