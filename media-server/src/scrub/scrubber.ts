import { parseRecordingId, type RecordingId } from '@tonestead/crdt/ids'
import { z } from 'zod'
import { hasMaster } from '../encoding/recording-objects.ts'
import type { Clock } from '../ports/clock.ts'
import type { ScrubSource, StoredRecording } from '../ports/scrub-source.ts'
import type { ScrubStateStore } from '../ports/scrub-state-store.ts'
import { checkRecording, type CheckDeps } from './check-recording.ts'

/** A recording whose objects are not all there. `isQueued`: its source file or its master is there, so it is made again; else it is lost until the file is back. */
const findingSchema = z.object({
  recording: z.string().transform(parseRecordingId),
  missing: z.number(),
  damaged: z.number(),
  isQueued: z.boolean(),
})
const stateSchema = z.object({
  /** The last recording of the present round that was checked; '' at its beginning. */
  position: z.string(),
  startedAt: z.number(),
  /** When a whole round was done last. */
  finishedAt: z.number().optional(),
  checkedObjects: z.number(),
  findings: z.array(findingSchema),
})
export type ScrubState = z.infer<typeof stateSchema>

export type ScrubDeps = CheckDeps & {
  readonly source: ScrubSource
  readonly states: ScrubStateStore
  readonly clock: Clock
}

const pageLength = 20
/** More are counted as one round goes on, but not kept. */
const maxFindings = 10_000
const noState: ScrubState = { position: '', startedAt: 0, checkedObjects: 0, findings: [] }

export const readScrubState = async (states: ScrubStateStore): Promise<ScrubState> =>
  stateSchema.safeParse(await states.read()).data ?? noState

/** False when neither a source file nor a whole master is there. */
const makeAgain = async (deps: ScrubDeps, id: RecordingId, signal: AbortSignal): Promise<boolean> =>
  (await deps.source.makeAgain(id, await hasMaster(deps, id, signal))) > 0

/** Checks the objects of all published recordings, in the order of their ids, and has made again what can be. */
export const createScrubber = (deps: ScrubDeps) => {
  const check = async (
    recordings: readonly StoredRecording[],
    signal: AbortSignal,
  ): Promise<{ checked: number; findings: ScrubState['findings'] }> => {
    const findings: ScrubState['findings'] = []
    let checked = 0
    for (const { id, ...stored } of recordings) {
      const { missing, damaged, checked: objects } = await checkRecording(deps, { id, ...stored }, signal)
      checked += objects
      if (missing + damaged > 0)
        findings.push({ recording: id, missing, damaged, isQueued: await makeAgain(deps, id, signal) })
    }
    return { checked, findings }
  }
  /** Checks up to 20 recordings after the stored position. 'done' at the end of a round. */
  const step = async (signal: AbortSignal): Promise<'more' | 'done'> => {
    const state = await readScrubState(deps.states)
    const isNew = state.position === ''
    const round = isNew ? { ...state, startedAt: deps.clock.now(), checkedObjects: 0 } : state
    const page = await deps.source.recordings(round.position, pageLength)
    const last = page.at(-1)
    if (last === undefined) {
      await deps.states.write({ ...round, position: '', finishedAt: deps.clock.now() })
      return 'done'
    }
    const { checked, findings } = await check(page, signal)
    const others = round.findings.filter(({ recording }) => page.every(({ id }) => id !== recording))
    await deps.states.write({
      ...round,
      position: last.id,
      checkedObjects: round.checkedObjects + checked,
      findings: [...others, ...findings].slice(0, maxFindings),
    })
    return 'more'
  }
  /** Looks at the findings again: what was made again in the meantime, or was withdrawn, is no finding any more. */
  const recheck = async (signal: AbortSignal): Promise<void> => {
    const state = await readScrubState(deps.states)
    if (state.findings.length === 0) return
    const findings: ScrubState['findings'] = []
    for (let start = 0; start < state.findings.length; start += pageLength) {
      const ids = state.findings.slice(start, start + pageLength).map(({ recording }) => recording)
      findings.push(...(await check(await deps.source.recordingsById(ids), signal)).findings)
    }
    await deps.states.write({ ...state, findings })
  }
  return { step, recheck }
}
