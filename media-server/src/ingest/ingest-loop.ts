import { parseUnixMs } from '@tonestead/crdt/instant'
import type { IngestStep } from '@tonestead/protocol/ingest'
import type { Clock } from '../ports/clock.ts'
import type { JobOutcome, SourceJob, SourceStore } from '../ports/source-store.ts'

export type LoopDeps = {
  readonly sources: SourceStore
  readonly clock: Clock
  /** The name of this process in leases; a new one after every start. */
  readonly owner: string
  readonly runJob: (
    job: SourceJob,
    context: { readonly signal: AbortSignal; readonly onStep: (step: IngestStep) => void },
  ) => Promise<JobOutcome>
  readonly onFault: (job: SourceJob, fault: unknown) => void
}

const leaseMs = 60_000
const heartbeatMs = 15_000
const idleMs = 1000
const storageFullPauseMs = 60_000
const faultPauseMs = 20_000
/** After this many faults of the tool, the job is refused with `tools-failed` and shown to the administrator. */
const maxFaults = 4

/** Works through the queue with `workers` jobs at the same time until `signal` aborts. Running jobs are stopped then and go back into the queue. */
export const runIngestLoop = async (deps: LoopDeps, workers: number, signal: AbortSignal): Promise<void> => {
  const faultCounts = new Map<string, number>()
  await Promise.all(
    Array.from({ length: workers }, (_, index) =>
      work({ ...deps, owner: `${deps.owner}/${index}` }, faultCounts, signal),
    ),
  )
}

const work = async (deps: LoopDeps, faultCounts: Map<string, number>, signal: AbortSignal): Promise<void> => {
  while (!signal.aborted) {
    const now = deps.clock.now()
    const job = await deps.sources.claim({ owner: deps.owner, until: parseUnixMs(now + leaseMs), now })
    if (job === undefined) await pause(deps, idleMs, signal)
    else await runUnderLease(deps, { job, faultCounts }, signal)
  }
}

/** An abort is an expected end of the wait. */
const pause = async (deps: LoopDeps, ms: number, signal: AbortSignal): Promise<void> => {
  try {
    await deps.clock.after(ms, signal)
  } catch (error) {
    if (!signal.aborted) throw error
  }
}

const runUnderLease = async (
  deps: LoopDeps,
  { job, faultCounts }: { job: SourceJob; faultCounts: Map<string, number> },
  signal: AbortSignal,
): Promise<void> => {
  const lease = keepLease(deps, job, signal)
  try {
    const outcome = await deps.runJob(job, { signal: lease.signal, onStep: lease.onStep })
    await deps.sources.finish({ id: job.id, owner: deps.owner, stage: job.stage }, outcome, deps.clock.now())
    faultCounts.delete(job.id)
  } catch (fault) {
    await returnJob(deps, { job, faultCounts, fault }, lease.signal)
  } finally {
    lease.release()
  }
}

/** Extends the lease regularly and at every step. `signal` aborts when the lease is lost or the worker stops. */
const keepLease = (deps: LoopDeps, job: SourceJob, signal: AbortSignal) => {
  const lost = new AbortController()
  const released = new AbortController()
  let step: IngestStep = 'waiting'
  const sendHeartbeat = async (): Promise<void> => {
    const until = parseUnixMs(deps.clock.now() + leaseMs)
    const isOurs = await deps.sources.heartbeat({ id: job.id, owner: deps.owner, until, step })
    if (!isOurs) lost.abort(new Error('the lease is lost'))
  }
  const abortOn = (fault: unknown): void => {
    lost.abort(fault)
  }
  const sendRegularly = async (): Promise<void> => {
    for (;;) {
      await pause(deps, heartbeatMs, released.signal)
      if (released.signal.aborted) return
      await sendHeartbeat()
    }
  }
  sendRegularly().catch(abortOn)
  return {
    signal: AbortSignal.any([lost.signal, signal]),
    onStep: (next: IngestStep): void => {
      step = next
      sendHeartbeat().catch(abortOn)
    },
    release: (): void => {
      released.abort()
    },
  }
}

type FaultyJob = { readonly job: SourceJob; readonly faultCounts: Map<string, number>; readonly fault: unknown }

/** Puts a job back into the queue after a fault, with a pause before the next attempt. */
const returnJob = async (
  deps: LoopDeps,
  { job, faultCounts, fault }: FaultyJob,
  signal: AbortSignal,
): Promise<void> => {
  const now = deps.clock.now()
  const lease = { id: job.id, owner: deps.owner }
  if (signal.aborted) {
    await deps.sources.postpone(lease, now)
    return
  }
  deps.onFault(job, fault)
  if (codeOf(fault) === 'storage-full' || codeOf(fault) === 'ENOSPC') {
    await deps.sources.postpone(lease, parseUnixMs(now + storageFullPauseMs))
    return
  }
  const count = (faultCounts.get(job.id) ?? 0) + 1
  faultCounts.set(job.id, count)
  if (count < maxFaults) await deps.sources.postpone(lease, parseUnixMs(now + faultPauseMs * count))
  else await deps.sources.finish({ ...lease, stage: job.stage }, { kind: 'refused', code: 'tools-failed' }, now)
}

const codeOf = (fault: unknown): unknown => (fault instanceof Error && 'code' in fault ? fault.code : undefined)
