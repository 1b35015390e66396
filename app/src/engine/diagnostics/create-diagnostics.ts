import type { BrowserEnvironment, StorageState } from '../../ports/browser-environment.ts'
import type { Clock } from '../../ports/clock.ts'
import type { LogEntry } from '../../ports/log.ts'
import type { Diagnostics } from './diagnostics.ts'
import type { LogBuffer } from './log-buffer.ts'
import { errorText } from './redact.ts'

type Facts = Readonly<Record<string, number | boolean | string>>

type Parts = {
  readonly version: string
  readonly environment: BrowserEnvironment
  readonly buffer: LogBuffer
  readonly clock: Clock
  /** States of the engine: numbers and words of our own. */ readonly states: () => Facts
}

export const createDiagnostics = ({ version, environment, buffer, clock, states }: Parts): Diagnostics => ({
  text: async () => {
    const facts: Facts = {
      Version: version,
      Browser: environment.userAgent,
      Time: timeOf(clock.now()),
      'Browser online': environment.isOnline(),
      Storage: await environment.storage().then(storageText, errorText),
      ...states(),
    }
    const entries = buffer.entries()
    return [
      ...Object.entries(facts).map(([name, value]) => `${name}: ${value}`),
      '',
      `Log: ${entries.length} entries, ${buffer.dropped()} older ones dropped`,
      ...entries.map(lineOf),
      '',
    ].join('\n')
  },
})

const timeOf = (ms: number): string => new Date(ms).toISOString()

const inMb = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`

const storageText = (storage: StorageState | undefined): string =>
  storage === undefined
    ? 'unknown'
    : `${inMb(storage.usageBytes)} of ${inMb(storage.quotaBytes)} used, ${storage.isPersisted ? 'persistent' : 'may be evicted'}`

const lineOf = ({ atMs, level, namespace, message, fields, error }: LogEntry): string => {
  const details = Object.entries(fields ?? {}).map(([name, value]) => `${name}=${value}`)
  return [
    timeOf(atMs),
    level,
    `${namespace}:`,
    message,
    ...details,
    ...(error === undefined ? [] : [`| ${error}`]),
  ].join(' ')
}
