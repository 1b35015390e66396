import { parseUnixMs } from '@tonestead/crdt/instant'
import type { IngestStep } from '@tonestead/protocol/ingest'
import type { Clock } from '../ports/clock.ts'
import type { JobOutcome, SourceJob, SourceStore } from '../ports/source-store.ts'

export type LoopDeps = {
  readonly sources: SourceStore
  readonly clock: Clock
  /** Names this process in leases; another after every start. */
  readonly owner: string
  readonly runJob: (
    job: SourceJob,
    context: { readonly signal: AbortSignal; readonly onStep: (step: IngestStep) => void },
  ) => Promise<JobOutcome>
  readonly onFault: (job: SourceJob, fault: unknown) => void
  readonly onChange: () => void
}

const leaseMs = 60_000
const heartbeatMs = 15_000
const idleMs = 1000
const storageFullMs = 60_000
const faultMs = 20_000
/** A job that failed so often by the tool's fault is told to the administrator. */
const maxFaults = 4

/** Works at the queue with `workers` jobs at once until `signal` aborts; jobs at work are then stopped and their leases left to run out at once. */
export const runIngestLoop = async (deps: LoopDeps, workers: number, signal: AbortSignal): Promise<void> => {
  const faults = new Map<string, number>()
  await Promise.all(
    Array.from({ length: workers }, (_, index) => work({ ...deps, owner: `${deps.owner}/${index}` }, faults, signal)),
  )
}

const work = async (deps: LoopDeps, faults: Map<string, number>, signal: AbortSignal): Promise<void> => {
  while (!signal.aborted) {
    const now = deps.clock.now()
    const job = await deps.sources.claim({ owner: deps.owner, until: parseUnixMs(now + leaseMs), now })
    if (job === undefined) await pause(deps, idleMs, signal)
    else await runUnderLease(deps, { job, faults }, signal)
  }
}

const pause = async (deps: LoopDeps, ms: number, signal: AbortSignal): Promise<void> => {
  try {
    await deps.clock.after(ms, signal)
  } catch (reason) {
    if (!signal.aborted) throw reason
  }
}

const runUnderLease = async (
  deps: LoopDeps,
  { job, faults }: { job: SourceJob; faults: Map<string, number> },
  signal: AbortSignal,
): Promise<void> => {
  const lease = holdLease(deps, job, signal)
  try {
    const outcome = await deps.runJob(job, { signal: lease.signal, onStep: lease.onStep })
    await deps.sources.finish({ id: job.id, owner: deps.owner, stage: job.stage }, outcome, deps.clock.now())
    faults.delete(job.id)
  } catch (fault) {
    await giveBack(deps, { job, faults, fault }, lease.signal)
  } finally {
    lease.release()
    deps.onChange()
  }
}

/** Keeps the lease and tells steps; `signal` aborts when the lease is lost or the worker stops. */
const holdLease = (deps: LoopDeps, job: SourceJob, signal: AbortSignal) => {
  const lost = new AbortController()
  const released = new AbortController()
  let step: IngestStep = 'waiting'
  const beat = async (): Promise<void> => {
    const isHeld = await deps.sources.heartbeat({
      id: job.id,
      owner: deps.owner,
      until: parseUnixMs(deps.clock.now() + leaseMs),
      step,
    })
    if (!isHeld) lost.abort(new Error('the lease is lost'))
  }
  const report = (): void => {
    beat().then(deps.onChange, (fault: unknown) => {
      lost.abort(fault)
    })
  }
  const keepBeating = async (): Promise<void> => {
    for (;;) {
      await pause(deps, heartbeatMs, released.signal)
      if (released.signal.aborted) return
      await beat()
    }
  }
  keepBeating().catch((fault: unknown) => {
    lost.abort(fault)
  })
  return {
    signal: AbortSignal.any([lost.signal, signal]),
    onStep: (next: IngestStep): void => {
      step = next
      report()
    },
    release: (): void => {
      released.abort()
    },
  }
}

type FaultyJob = { readonly job: SourceJob; readonly faults: Map<string, number>; readonly fault: unknown }

const giveBack = async (deps: LoopDeps, { job, faults, fault }: FaultyJob, signal: AbortSignal): Promise<void> => {
  const now = deps.clock.now()
  const lease = { id: job.id, owner: deps.owner }
  if (signal.aborted) {
    await deps.sources.postpone(lease, now)
    return
  }
  deps.onFault(job, fault)
  if (codeOf(fault) === 'storage-full' || codeOf(fault) === 'ENOSPC') {
    await deps.sources.postpone(lease, parseUnixMs(now + storageFullMs))
    return
  }
  const count = (faults.get(job.id) ?? 0) + 1
  faults.set(job.id, count)
  if (count < maxFaults) await deps.sources.postpone(lease, parseUnixMs(now + faultMs * count))
  else await deps.sources.finish({ ...lease, stage: job.stage }, { kind: 'refused', code: 'tools-failed' }, now)
}

const codeOf = (fault: unknown): unknown => (fault instanceof Error && 'code' in fault ? fault.code : undefined)
