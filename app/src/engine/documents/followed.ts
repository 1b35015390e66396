import { createCell } from '../cell.ts'
import type { Readable } from '../readable.ts'

export type Followed<T> = Readable<T> & {
  /** Reads again, as when something that is no readable has changed. */
  update(): void
}

/**
 * A value that is read from other readables. `read` passes each of them to `follow`; they are followed while the value has a subscriber. `keep` returns the former
 * value where nothing of it changed, so that nothing is drawn again.
 */
export const createFollowed = <T>(
  initial: T,
  read: (follow: (readable: Readable<unknown>) => void) => T,
  keep: (before: T, after: T) => T,
): Followed<T> => {
  const unfollow = new Map<Readable<unknown>, () => void>()
  const cell = createCell(initial, (count) => {
    if (count === 0) stop()
    else if (unfollow.size === 0) update()
  })
  const stop = (): void => {
    for (const leave of unfollow.values()) leave()
    unfollow.clear()
  }
  const follow = (readable: Readable<unknown>): void => {
    if (cell.listeners() > 0 && !unfollow.has(readable)) unfollow.set(readable, readable.subscribe(update))
  }
  const update = (): void => cell.set(keep(cell.get(), read(follow)))
  return {
    get: () => {
      if (cell.listeners() === 0) update()
      return cell.get()
    },
    subscribe: cell.subscribe,
    update,
  }
}
