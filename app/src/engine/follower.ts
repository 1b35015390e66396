import { createCell } from './cell.ts'
import type { Readable } from './readable.ts'

/** A readable whose source is known later. */
export type Follower<T> = Readable<T> & { readonly follow: (target: Readable<T>) => void }

/** Shows `initial` until there is something to follow. It subscribes there only while it has a listener itself. */
export const createFollower = <T>(initial: T, onWanted: () => void): Follower<T> => {
  let target: Readable<T> | undefined
  let stop: (() => void) | undefined
  const attach = (isWanted: boolean): void => {
    if (!isWanted || target === undefined) {
      stop?.()
      stop = undefined
      return
    }
    const from = target
    stop ??= from.subscribe(() => cell.set(from.get()))
    cell.set(from.get())
  }
  const cell = createCell(initial, (count) => {
    if (count > 0) onWanted()
    attach(count > 0)
  })
  return {
    get: () => (target ?? cell).get(),
    subscribe: cell.subscribe,
    follow: (next) => {
      target = next
      attach(cell.listeners() > 0)
    },
  }
}
