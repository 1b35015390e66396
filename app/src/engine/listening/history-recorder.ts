import { parseIntentId, type DeviceId, type IntentId, type ServerId } from '@tonestead/crdt/ids'
import { parseDurationMs } from '@tonestead/crdt/instant'
import { packedPlay } from '@tonestead/crdt/listening/packed-play'
import { z } from 'zod'
import type { Clock } from '../../ports/clock.ts'
import type { Log } from '../../ports/log.ts'
import type { Random } from '../../ports/random.ts'
import type { TabLock } from '../../ports/tab-lock.ts'
import type { ValueStore } from '../../ports/value-store.ts'
import type { DocumentService } from '../documents/documents.ts'
import { newIntentId } from '../documents/new-intent-id.ts'
import { referenceOfTrack } from '../library/reference-of-track.ts'
import type { Listened } from '../playback/play-reporter.ts'
import type { Readable } from '../readable.ts'
import { addPlay } from './add-play.ts'

export type HistoryRecorderDeps = {
  readonly documents: DocumentService
  readonly serverId: Readable<ServerId | undefined>
  readonly deviceId: DeviceId
  readonly keepsHistory: () => boolean
  readonly values: ValueStore
  readonly lock: TabLock
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
}
export type HistoryRecorder = {
  /** [KH1] A play that counts, as `startPlayReporter` tells it. */
  readonly onListened: (listened: Listened) => void
  /** [KH2] Writes what an earlier visit left. Called once, when nobody waits for the network. */
  readonly begin: () => void
}

const waitingName = 'history-waiting'
/** [KH2] */
const mostWaiting = 500
/** A play that goes on is stored this often; one of another tab is left to it while it is stored. */
const storeEveryMs = 10_000
const otherTabMs = 60_000

/**
 * A play that is not in the documents yet, packed. The id is that of its intent and stays the same, so that writing it again changes nothing. `at`: when it was
 * stored (UTC, ms).
 */
const storedPlaySchema = z.object({ id: z.string().regex(/^[a-z2-7]{26}$/), play: z.string(), at: z.number() })
const storedSchema = z.array(storedPlaySchema).catch([])
type StoredPlay = z.infer<typeof storedPlaySchema>

export const createHistoryRecorder = (deps: HistoryRecorderDeps): HistoryRecorder => {
  const { serverId, keepsHistory, lock, clock, random, log } = deps
  const ids = new WeakMap<object, IntentId>()
  let storedAt = -Infinity
  let work: Promise<void> = Promise.resolve()
  /** One after the other, also those of other tabs: each reads the waiting plays and writes them back. */
  const enqueue = (act: () => Promise<void>): void => {
    work = work
      .then(() => lock(waitingName, new AbortController().signal, act))
      .catch(log.failed('a play was not kept'))
  }
  const onListened = ({ play, track, startedAt, playedMs, isOver }: Listened): void => {
    const server = serverId.get()
    const now = clock.elapsedMs()
    if (server === undefined || !keepsHistory() || (!isOver && now - storedAt < storeEveryMs)) return
    storedAt = isOver ? -Infinity : now
    const id = ids.get(play) ?? newIntentId(random)
    ids.set(play, id)
    const kept = { track: referenceOfTrack(track, server), startedAt, playedMs: parseDurationMs(Math.round(playedMs)) }
    enqueue(() => store(deps, { id, play: packedPlay.pack(kept), at: clock.now() }))
    if (isOver) enqueue(() => writeWaiting(deps, (each) => each.id === id || isLeft(each, clock.now())))
  }
  return {
    onListened,
    begin: () => enqueue(() => writeWaiting(deps, (each) => isLeft(each, clock.now()))),
  }
}

const isLeft = ({ at }: StoredPlay, now: number): boolean => now - at > otherTabMs

const readWaiting = async ({ values }: HistoryRecorderDeps): Promise<readonly StoredPlay[]> =>
  storedSchema.parse(await values.get(waitingName))

const putWaiting = ({ values }: HistoryRecorderDeps, waiting: readonly StoredPlay[]): Promise<void> =>
  values.put(waitingName, waiting.slice(-mostWaiting))

const store = async (deps: HistoryRecorderDeps, play: StoredPlay): Promise<void> =>
  putWaiting(deps, [...(await readWaiting(deps)).filter(({ id }) => id !== play.id), play])

/** [KH1] [KH2] Writes plays into their documents. What is not taken stays, except what cannot be read. */
const writeWaiting = async (deps: HistoryRecorderDeps, isDue: (play: StoredPlay) => boolean): Promise<void> => {
  for (const stored of (await readWaiting(deps)).filter(isDue)) {
    const play = packedPlay.unpack(stored.play)
    if (play !== undefined && !(await addPlay(deps, { id: parseIntentId(stored.id), play }))) return
    await putWaiting(
      deps,
      (await readWaiting(deps)).filter(({ id }) => id !== stored.id),
    )
  }
}
