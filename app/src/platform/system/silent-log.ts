import type { Log } from '../../ports/log.ts'

/** A log that writes nothing, for tests. */
export const silentLog: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  failed: () => () => undefined,
  child: () => silentLog,
}
