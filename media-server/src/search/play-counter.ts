import type { AccountId, TrackId } from '@tonestead/crdt/ids'
import type { Clock } from '../ports/clock.ts'
import type { PlayStore } from '../ports/play-store.ts'
import { dayOf } from './popularity.ts'

/** One account's plays of one track count once in this time. */
const onceInMs = 30 * 60_000
/** Eight half-lives: what is older weighs less than half a hundredth. */
const keptDays = 730
/** Those beyond are forgotten, the oldest first: they may count twice. */
const mostRemembered = 100_000

/** Counts plays. Who listened is kept in memory for half an hour, so that a loop is one play, and nowhere else. */
export const createPlayCounter = ({ plays, clock }: { readonly plays: PlayStore; readonly clock: Clock }) => {
  const counted = new Map<string, number>()
  let tidiedOn: number | undefined
  const forget = (now: number): void => {
    for (const [key, at] of counted) {
      if (now - at < onceInMs && counted.size < mostRemembered) return
      counted.delete(key)
    }
  }
  return async (account: AccountId, track: TrackId): Promise<void> => {
    const now = clock.now()
    forget(now)
    const key = `${account} ${track}`
    if (counted.has(key)) return
    counted.set(key, now)
    const today = dayOf(now)
    await plays.count(track, today)
    if (tidiedOn === today) return
    tidiedOn = today
    await plays.forgetBefore(today - keptDays)
  }
}
export type PlayCounter = ReturnType<typeof createPlayCounter>
