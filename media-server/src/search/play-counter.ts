import type { AccountId, TrackId } from '@tonestead/crdt/ids'
import type { Clock } from '../ports/clock.ts'
import type { PlayStore } from '../ports/play-store.ts'
import { dayOf } from './popularity.ts'

/** Plays of one track by one account count once in this time. */
const countedOnceInMs = 30 * 60_000
/** Eight half-lives: an older play weighs less than 1/200. */
const storedDays = 730
/** Beyond this number the oldest entries are forgotten: those plays may count twice. */
const maxRemembered = 100_000

/** Counts plays. Who listened is remembered in memory only, for half an hour, so that a track on repeat counts once. */
export const createPlayCounter = ({ plays, clock }: { readonly plays: PlayStore; readonly clock: Clock }) => {
  const counted = new Map<string, number>()
  let cleanedOn: number | undefined
  const forgetOld = (now: number): void => {
    for (const [key, at] of counted) {
      if (now - at < countedOnceInMs && counted.size < maxRemembered) return
      counted.delete(key)
    }
  }
  return async (account: AccountId, track: TrackId): Promise<void> => {
    const now = clock.now()
    forgetOld(now)
    const key = `${account} ${track}`
    if (counted.has(key)) return
    counted.set(key, now)
    const today = dayOf(now)
    await plays.count(track, today)
    if (cleanedOn === today) return
    cleanedOn = today
    await plays.forgetBefore(today - storedDays)
  }
}
export type PlayCounter = ReturnType<typeof createPlayCounter>
