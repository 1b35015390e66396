import type { Log } from '../../ports/log.ts'
import type { ValueStore } from '../../ports/value-store.ts'

/** [ST15] Whether this browser plays what the service worker serves. It is probed once per browser profile, at the first play. */
export type StreamPath = {
  /** undefined: not known yet. */
  readonly isGood: () => boolean | undefined
  /** Starts the probe, unless it ran before. */
  probe(): void
}

type Deps = {
  readonly values: ValueStore
  readonly log: Log
  /** Resolves to whether the service worker controls the page. */
  readonly isWorkerReady: () => Promise<boolean>
  /** undefined: the probe could not tell. */
  readonly runProbe: () => Promise<boolean | undefined>
}

const valueName = 'stream-path'

export const createStreamPath = ({ values, log, isWorkerReady, runProbe }: Deps): StreamPath => {
  let isGood: boolean | undefined
  let hasStarted = false
  const run = async (): Promise<void> => {
    const saved = await values.get(valueName).catch(log.failed('the result of the probe was not read'))
    if (saved === 'good' || !(await isWorkerReady())) return
    isGood = await runProbe()
    if (isGood === true) await values.put(valueName, 'good')
    else log.warn('the service worker path is not used', { isKnown: isGood !== undefined })
  }
  return {
    isGood: () => isGood,
    probe: () => {
      if (hasStarted) return
      hasStarted = true
      run().catch(log.failed('the service worker path was not probed'))
    },
  }
}
