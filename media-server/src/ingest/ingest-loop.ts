import { parseUnixMs } from '@tonestead/crdt/instant'
import type { IngestStep } from '@tonestead/protocol/ingest'
import type { Clock } from '../ports/clock.ts'
import { createJobLanes, longJobMs, type JobLanes } from './job-lanes.ts'
import type { JobOutcome, SourceJob, SourceStore } from '../ports/source-store.ts'

export type LoopDeps = {
  readonly sources: SourceStore
  readonly clock: Clock
  /** The name of this process in leases; a new one after every start. */
  readonly owner: string
  readonly runJob: (
    job: SourceJob,
    context: {
      readonly signal: AbortSignal
      readonly onStep: (step: IngestStep) => void
      /** Called before audio of this length is decoded. Rejects when the job has to wait, because too many long ones are running. */
      readonly onLength: (decodedMs: number) => Promise<void>
    },
  ) => Promise<JobOutcome>
  readonly onFault: (job: SourceJob, fault: unknown) => void
}

const leaseMs = 60_000
const heartbeatMs = 15_000
const idleMs = 1000
const storageFullPauseMs = 60_000
const faultPauseMs = 20_000
/** Of a long job that found no place. It is not claimed again while there is none. */
const longJobPauseMs = 10_000
/** After this many faults of the tool, the job is refused with `tools-failed` and shown to the administrator. */
const maxFaults = 4

/** Works through the queue with `workers` jobs at the same time, and as many long ones besides, until `signal` aborts. Running jobs are stopped then and go back into the queue. */
export const runIngestLoop = async (deps: LoopDeps, workers: number, signal: AbortSignal): Promise<void> => {
  const shared: Shared = { faultCounts: new Map(), lanes: createJobLanes(workers) }
  const loops = Array.from({ length: shared.lanes.loops }, (_, index) =>
    work({ ...deps, owner: `${deps.owner}/${index}` }, shared, signal),
  )
  await Promise.all(loops)
}

type Shared = { readonly faultCounts: Map<string, number>; readonly lanes: JobLanes }

const work = async (deps: LoopDeps, shared: Shared, signal: AbortSignal): Promise<void> => {
  while (!signal.aborted) {
    const place = await shared.lanes.enter()
    try {
      await workOnce(deps, { ...shared, place }, signal)
    } finally {
      place.leave()
    }
  }
}

type Placed = Shared & { readonly place: Awaited<ReturnType<JobLanes['enter']>> }

const workOnce = async (deps: LoopDeps, placed: Placed, signal: AbortSignal): Promise<void> => {
  // It may have waited for its place.
  if (signal.aborted) return
  const now = deps.clock.now()
  const job = await deps.sources.claim({
    owner: deps.owner,
    until: parseUnixMs(now + leaseMs),
    now,
    ...(placed.lanes.hasLongPlace() ? {} : { longest: longJobMs }),
  })
  if (job === undefined) await pause(deps, idleMs, signal)
  else await runUnderLease(deps, { ...placed, job }, signal)
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
  { job, faultCounts, place }: Placed & { readonly job: SourceJob },
  signal: AbortSignal,
): Promise<void> => {
  const onLength = async (decodedMs: number): Promise<void> => {
    await deps.sources.charge(job.id, decodedMs)
    if (decodedMs > longJobMs && !place.becomeLong()) throw noLongPlace()
  }
  const lease = keepLease(deps, job, signal)
  try {
    const outcome = await deps.runJob(job, { signal: lease.signal, onStep: lease.onStep, onLength })
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
  if (codeOf(fault) === 'no-long-place') {
    await deps.sources.postpone(lease, parseUnixMs(now + longJobPauseMs))
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

const noLongPlace = (): Error =>
  Object.assign(new Error('too many long recordings are being encoded'), { code: 'no-long-place' })

const codeOf = (fault: unknown): unknown => (fault instanceof Error && 'code' in fault ? fault.code : undefined)
