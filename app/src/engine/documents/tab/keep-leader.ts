import type { Clock } from '../../../ports/clock.ts'
import type { LeaderLock } from '../../../ports/documents/leader-lock.ts'
import type { OpenTabChannel, TabChannel } from '../../../ports/documents/tab-channel.ts'
import type { Log } from '../../../ports/log.ts'
import type { Random } from '../../../ports/random.ts'
import { allChannel, messageVersion, parseToAll, type ToAll } from '../messages/document-messages.ts'

const lockName = 'tonestead-documents'
/** A leading tab that does not answer for so long is frozen or hangs. */
export const silenceMs = 1_000
/** How often a visible tab asks whether the leading one is there: soon while it waits for something, else seldom. */
export const askWaitingMs = 500
export const askIdleMs = 5_000

type Dependencies = {
  readonly lock: LeaderLock
  readonly openChannel: OpenTabChannel
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  readonly isVisible: () => boolean
  /** Does this tab wait for an answer of the leader? */
  readonly isWaiting: () => boolean
  /** Starts to lead; the result ends it. */
  readonly lead: () => () => void
}

type Contest = Dependencies & {
  readonly all: TabChannel
  /** When the leading tab was last heard of. */
  heardAtMs: number
  isLeading: boolean
}

/**
 * [DO5] One tab of this browser leads: that which holds the lock. A visible tab takes it by force from one that is silent, because a browser may freeze a tab with
 * the lock in its hand; the journal refuses whatever that one still writes.
 */
export const keepLeader = (deps: Dependencies, signal: AbortSignal): void => {
  const all = deps.openChannel(allChannel)
  const contest: Contest = { ...deps, all, heardAtMs: deps.clock.elapsedMs(), isLeading: false }
  all.onMessage((data) => hear(contest, parseToAll(data)))
  signal.addEventListener('abort', () => all.close(), { once: true })
  void contend(contest, signal).catch(deps.log.failed('no tab can lead'))
}

const hear = (contest: Contest, message: ToAll | undefined): void => {
  if (message?.kind === 'pong' || message?.kind === 'leading') contest.heardAtMs = contest.clock.elapsedMs()
  if (message?.kind === 'ping' && contest.isLeading) contest.all.post({ v: messageVersion, kind: 'pong' })
}

const contend = async (contest: Contest, signal: AbortSignal): Promise<void> => {
  for (let isForced = false; !signal.aborted;) {
    const round = new AbortController()
    const waiting = contest.lock(lockName, { isForced, signal: AbortSignal.any([signal, round.signal]) }, (lost) =>
      leadUntil(contest, AbortSignal.any([signal, lost])),
    )
    isForced = false
    if (!(await isSilent(contest, waiting, signal))) continue
    contest.log.warn('the leading tab is silent, this one takes over')
    round.abort()
    await waiting.catch(() => undefined)
    isForced = true
  }
}

const leadUntil = async (contest: Contest, ended: AbortSignal): Promise<void> => {
  if (ended.aborted) return
  contest.isLeading = true
  const stop = contest.lead()
  await new Promise<void>((resolve) => ended.addEventListener('abort', () => resolve(), { once: true }))
  contest.isLeading = false
  contest.heardAtMs = contest.clock.elapsedMs()
  stop()
}

/** Watches the leading tab while this one waits for the lock. False: the wait or the leading is over. */
const isSilent = async (contest: Contest, waiting: Promise<void>, signal: AbortSignal): Promise<boolean> => {
  const over = new AbortController()
  // Who waits for the lock hears of a failure below.
  waiting.then(
    () => over.abort(),
    () => over.abort(),
  )
  const stop = AbortSignal.any([signal, over.signal])
  while (!stop.aborted) if ((await lookOnce(contest, stop).catch(() => 'over')) === 'silent') return true
  await waiting.catch((cause: unknown) => {
    if (!signal.aborted) throw cause
  })
  return false
}

/** Rejects when `signal` aborts. */
const lookOnce = async (contest: Contest, signal: AbortSignal): Promise<'silent' | 'there'> => {
  const { clock, random, isVisible, isWaiting, all } = contest
  await clock.after(isWaiting() ? askWaitingMs : askIdleMs, signal)
  if (contest.isLeading || !isVisible()) return 'there'
  const askedAtMs = clock.elapsedMs()
  all.post({ v: messageVersion, kind: 'ping' })
  // Of two visible tabs one takes over first, and the other hears of it.
  await clock.after(silenceMs + random.below(300), signal)
  return contest.heardAtMs >= askedAtMs ? 'there' : 'silent'
}
