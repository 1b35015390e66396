import { parseUnixMs, type UnixMs } from '@tonestead/crdt/instant'

// Simulated time. Nothing happens by itself: the next event begins when everything that follows from the one before has come to its end.

type Event = { readonly at: number; readonly order: number; readonly task: () => unknown }

/** Time and timers of one device or relay. `skewMs`: by how much its wall clock is wrong. */
type SimulatedClock = {
  readonly now: () => UnixMs
  readonly elapsedMs: () => number
  readonly after: (ms: number, signal: AbortSignal) => Promise<void>
  readonly every: (ms: number, task: () => void) => () => void
}

export type Schedule = {
  /** Milliseconds since the beginning. */
  readonly now: () => number
  readonly in: (ms: number, task: () => unknown) => void
  /** Runs the events of this many milliseconds. */
  readonly run: (ms: number) => Promise<void>
  /** Events that were run. */
  readonly events: () => number
  readonly clockOf: (skewMs?: number) => SimulatedClock
}

/** When the simulation begins by the wall clock. */
export const firstInstant = 1_800_000_000_000

/** All promises that can be settled are: nothing here waits for a thread, a timer or a socket. */
const untilQuiet = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

export const createSchedule = (): Schedule => {
  const queue: Event[] = []
  let [time, order, count] = [0, 0, 0]
  const add = (ms: number, task: () => unknown): void => {
    const event = { at: time + Math.max(0, ms), order: (order += 1), task }
    let [low, high] = [0, queue.length]
    while (low < high) {
      const middle = (low + high) >>> 1
      // The next event is the last of the list.
      if (queue[middle]!.at > event.at) low = middle + 1
      else high = middle
    }
    queue.splice(low, 0, event)
  }
  const run = async (ms: number): Promise<void> => {
    const end = time + ms
    await untilQuiet()
    for (let next = queue.at(-1); next !== undefined && next.at <= end; next = queue.at(-1)) {
      queue.pop()
      time = next.at
      count += 1
      await next.task()
      await untilQuiet()
    }
    time = end
  }
  const after = (ms: number, signal: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      if (signal.aborted) return void reject(signal.reason as Error)
      add(ms, resolve)
      signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true })
    })
  const every = (ms: number, task: () => void): (() => void) => {
    let isOn = true
    const again = (): void => {
      if (!isOn) return
      task()
      add(ms, again)
    }
    add(ms, again)
    return () => void (isOn = false)
  }
  const clockOf = (skewMs = 0): SimulatedClock => ({
    now: () => parseUnixMs(Math.floor(firstInstant + time + skewMs)),
    elapsedMs: () => time,
    after,
    every,
  })
  return { now: () => time, in: add, run, events: () => count, clockOf }
}
