import type { CatalogCopies } from '../ports/catalog-copies.ts'
import type { Clock } from '../ports/clock.ts'

/** What is known of the catalog's file. The start has found it sound, except for its indexes. Instants are milliseconds since 1970. */
export type CatalogHealth = {
  readonly state: 'sound' | 'damaged'
  /** What SQLite found; empty when the state is sound. */
  readonly findings: readonly string[]
  /** The last complete check in this run of the server. */
  readonly checkedAt?: number | undefined
  /** The newest copy. */
  readonly backupAt?: number | undefined
}

export type CatalogCareDeps = {
  readonly copies: CatalogCopies
  readonly clock: Clock
  readonly onFault: (message: string, fault: unknown) => void
}

const keptCopies = 7
const copyEveryMs = 24 * 60 * 60 * 1000
const lookEveryMs = 15 * 60 * 1000
/** A start has more urgent work for the disk. */
const firstPauseMs = 60_000
/** A check or copy that takes longer is given up until the next round. */
const longestMs = 30 * 60 * 1000

/** Checks and copies the catalog once a day, while the server runs. A damaged catalog is reported and never copied: it must not push sound copies out. */
export const createCatalogCare = ({ copies, clock, onFault }: CatalogCareDeps) => {
  let health: CatalogHealth = { state: 'sound', findings: [] }
  const isDue = (newest: number | undefined): boolean =>
    newest === undefined || clock.now() - newest >= copyEveryMs || newest > clock.now()
  /** Checks and copies if the newest copy is a day old. */
  const look = async (stopping: AbortSignal): Promise<void> => {
    const [newest] = await copies.list()
    health = { ...health, backupAt: newest?.at }
    const lastCheck = health.state === 'damaged' ? health.checkedAt : newest?.at
    if (!isDue(lastCheck)) return
    const signal = AbortSignal.any([stopping, AbortSignal.timeout(longestMs)])
    const findings = await copies.check(signal)
    health = { ...health, state: findings.length === 0 ? 'sound' : 'damaged', findings, checkedAt: clock.now() }
    if (findings.length > 0) {
      onFault('the catalog is damaged; it is not copied any more', new Error(findings.join('; ')))
      return
    }
    const { at } = await copies.make(clock.now(), signal)
    await copies.prune(keptCopies)
    health = { ...health, backupAt: at }
  }
  const run = async (stopping: AbortSignal): Promise<void> => {
    let pauseMs = firstPauseMs
    while (await waited(clock, pauseMs, stopping)) {
      pauseMs = lookEveryMs
      await look(stopping).catch((fault: unknown) => {
        if (!stopping.aborted) onFault('the catalog could not be checked or copied', fault)
      })
    }
  }
  return { health: () => health, look, run }
}
export type CatalogCare = ReturnType<typeof createCatalogCare>

/** False when the wait was aborted, which is its expected end. */
const waited = async (clock: Clock, ms: number, signal: AbortSignal): Promise<boolean> => {
  try {
    await clock.after(ms, signal)
    return true
  } catch (error) {
    if (!signal.aborted) throw error
    return false
  }
}
