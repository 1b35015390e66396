import { createDiagnostics } from './engine/diagnostics/create-diagnostics.ts'
import { createLog } from './engine/diagnostics/create-log.ts'
import { createLogBuffer } from './engine/diagnostics/log-buffer.ts'
import type { DeviceIndexState } from './engine/search/search.ts'
import type { Services } from './engine/services.ts'
import { browserEnvironment } from './platform/system/browser-environment.ts'
import { writeToConsole } from './platform/system/console-log.ts'
import { systemClock as clock } from './platform/system/system-clock.ts'
import type { LogEntry } from './ports/log.ts'
import type { WorkerState } from './ports/stream-worker.ts'

// Composition root of the log: one buffer in the page, which also holds what the workers log.

type EngineStates = {
  readonly isOnline: boolean
  readonly worker: WorkerState
  readonly deviceIndex: DeviceIndexState
}

export type Logging = Pick<Services, 'log' | 'diagnostics'> & {
  /** Takes an entry of a worker. */
  readonly receive: (entry: LogEntry) => void
  /** Says where the diagnostics read the states of the engine, once it runs. */
  setStates(read: () => EngineStates): void
}

export const wireLog = (version: string): Logging => {
  const buffer = createLogBuffer()
  const receive = (entry: LogEntry): void => {
    buffer.add(entry)
    writeToConsole(entry)
  }
  let readStates: (() => EngineStates) | undefined
  const states = (): Record<string, number | boolean | string> => {
    const now = readStates?.()
    if (now === undefined) return { Engine: 'not started' }
    return {
      'Server reachable': now.isOnline,
      'Service worker': now.worker,
      'Index on this device': indexText(now.deviceIndex),
    }
  }
  return {
    log: createLog({ clock, threshold: 'info', write: receive }, 'app'),
    diagnostics: createDiagnostics({ version, environment: browserEnvironment, buffer, clock, states }),
    receive,
    setStates: (read) => (readStates = read),
  }
}

const indexText = (index: DeviceIndexState): string =>
  index.kind === 'ready' ? `${index.kind}, ${index.scope}, ${index.tracks} tracks` : index.kind
