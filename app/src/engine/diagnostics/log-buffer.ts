import type { LogEntry } from '../../ports/log.ts'

/** The newest entries of the log, oldest first. */
export type LogBuffer = {
  add(entry: LogEntry): void
  entries(): readonly LogEntry[]
  /** How many entries had to go for newer ones. */
  dropped(): number
}

const mostEntries = 500

export const createLogBuffer = (capacity = mostEntries): LogBuffer => {
  const entries: LogEntry[] = []
  let dropped = 0
  return {
    add: (entry) => {
      entries.push(entry)
      if (entries.length <= capacity) return
      entries.shift()
      dropped += 1
    },
    entries: () => [...entries],
    dropped: () => dropped,
  }
}
