import { fork } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Asked } from './ask-queries.ts'
import type { Task } from './write-catalog.ts'

/** What a measured process tells: once when its index stands, then kind by kind. Memory in bytes, after a garbage collection. */
type Built = {
  readonly kind: 'built'
  readonly buildMs: number
  readonly memory: number | undefined
  readonly peakMemory: number
  readonly indexBytes: number | undefined
}
export type Report =
  | Built
  | ({ readonly via: string } & { readonly kind: 'asked'; readonly asked: Asked })
  | {
      readonly kind: 'figure'
      readonly name: string
      readonly metric: string
      readonly unit: string
      readonly value: number
      /** Which level it is held against at a million tracks. */ readonly level?: 'build' | 'steady' | 'swap'
    }

/** What a measured process is told, as one argument. */
export type ChildOrder = {
  readonly engine: string
  readonly taskFile: string
  readonly socket: string | undefined
  /** For each kind of query. */ readonly mostMs: number
  readonly rounds: number
}

export type Outcome = {
  readonly reports: readonly Report[]
  /** Why it ended early. */ readonly failure: string | undefined
}

/** Runs one engine in a process of its own, ended by its pid when the time is up. What it told until then is kept. */
export const runMeasured = (program: string, order: ChildOrder, limitSeconds: number): Promise<Outcome> =>
  new Promise((resolve) => {
    const child = fork(join(import.meta.dirname, program), [JSON.stringify(order)], {
      execArgv: ['--expose-gc', '--max-old-space-size=8192'],
      serialization: 'advanced',
    })
    const reports: Report[] = []
    let failure: string | undefined
    const timer = setTimeout(() => {
      failure = `did not finish in ${limitSeconds} s`
      child.kill('SIGKILL')
    }, limitSeconds * 1000)
    child.on('message', (report) => void reports.push(report as Report))
    child.on('error', (error) => void (failure ??= error.message))
    child.on('close', (code, signal) => {
      clearTimeout(timer)
      resolve({ reports, failure: failure ?? (code === 0 ? undefined : `ended with ${code ?? signal}`) })
    })
  })

export const readOrder = (): { readonly order: ChildOrder; readonly task: Task } => {
  const order = JSON.parse(process.argv[2] ?? '') as ChildOrder
  return { order, task: JSON.parse(readFileSync(order.taskFile, 'utf8')) as Task }
}

export const tell = (report: Report): Promise<void> =>
  new Promise((resolve, reject) =>
    process.send?.(report, (error: Error | null) => (error === null ? resolve() : reject(error))),
  )

/** Collects garbage and reads the resident set. */
export const restingMemory = async (): Promise<number> => {
  for (let turn = 0; turn < 3; turn += 1) {
    globalThis.gc?.()
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
  return process.memoryUsage().rss
}

export const peakMemory = (): number => process.resourceUsage().maxRSS * 1024
