import type { Clock } from '../../ports/clock.ts'
import type { Log, LogEntry, LogFields, LogLevel } from '../../ports/log.ts'
import { errorText, redactField, redactText } from './redact.ts'

const ranks: Readonly<Record<LogLevel, number>> = { debug: 0, info: 1, warn: 2, error: 3 }
const mostFields = 8

type LogParts = {
  readonly clock: Clock
  /** Entries below this level are dropped. */ readonly threshold: LogLevel
  readonly write: (entry: LogEntry) => void
}

/** A log whose entries are redacted and bounded before they are written. */
export const createLog = (parts: LogParts, namespace: string): Log => {
  const at =
    (level: LogLevel) =>
    (message: string, fields?: LogFields, cause?: unknown): void => {
      if (ranks[level] < ranks[parts.threshold]) return
      parts.write({
        atMs: parts.clock.now(),
        level,
        namespace,
        message: redactText(message),
        fields: fields && boundedFields(fields),
        error: cause === undefined ? undefined : errorText(cause),
      })
    }
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    failed: (message, fields) => (cause) => {
      if (!isAbort(cause)) at('warn')(message, fields, cause ?? new Error('no reason given'))
      return undefined
    },
    child: (name) => createLog(parts, name),
  }
}

/** An AbortError says that nobody waits any more. A TimeoutError is a failure. */
const isAbort = (cause: unknown): boolean => (cause as { name?: unknown } | undefined)?.name === 'AbortError'

const boundedFields = (fields: LogFields): LogEntry['fields'] =>
  Object.fromEntries(
    Object.entries(fields)
      .flatMap(([name, value]) => (value === undefined ? [] : [[name, redactField(value)] as const]))
      .slice(0, mostFields),
  )
