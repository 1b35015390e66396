import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/** What `run-seeds.main.ts` says about a seed. */
export type SeedLine = {
  readonly seed: number
  readonly hash: string
  /** The second run of the seed gave the same hash; true when there was none. */
  readonly isSame: boolean
  readonly failure?: { readonly invariant: string; readonly message: string; readonly step: number }
  readonly counts: Readonly<Record<string, number>>
  /** Processor time of the first run. */
  readonly seconds: number
}

export type SeedsOptions = {
  readonly from: number
  readonly to: number
  readonly steps: number
  readonly isOnce: boolean
  readonly isStop: boolean
  readonly bug?: string | undefined
}

const pathOf = (name: string): string => fileURLToPath(new URL(name, import.meta.url))

/** Runs seeds in a process of its own, so that a planted bug is in no other. Rejects when the process fails. */
export const runSeeds = (
  { from, to, steps, isOnce, isStop, bug }: SeedsOptions,
  onSeed: (line: SeedLine) => void,
): { readonly done: Promise<void>; readonly kill: () => void } => {
  const flags = [...(isOnce ? ['--once'] : []), ...(isStop ? ['--stop'] : [])]
  const numbers = ['--from', String(from), '--to', String(to), '--steps', String(steps)]
  const child = spawn(
    process.execPath,
    ['--import', new URL('./plant-bug.ts', import.meta.url).href, pathOf('./run-seeds.main.ts'), ...numbers, ...flags],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, ...(bug === undefined ? {} : { TONESTEAD_PLANTED_BUG: bug }) },
    },
  )
  createInterface({ input: child.stdout }).on('line', (line) => onSeed(JSON.parse(line) as SeedLine))
  const done = new Promise<void>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => {
      if (code === 0) resolve()
      else reject(new Error(`the process that runs the seeds ended with code ${code}`))
    })
  })
  return { done, kill: () => child.kill('SIGKILL') }
}
