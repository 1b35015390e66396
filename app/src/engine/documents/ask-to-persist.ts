import type { Log } from '../../ports/log.ts'
import type { ValueStore } from '../../ports/value-store.ts'

const valueName = 'storage-persistence-asked'

type Dependencies = {
  readonly values: Pick<ValueStore, 'get' | 'put'>
  readonly log: Log
  /** Asks the browser; it may ask the person. Resolves with its answer. */
  readonly persist: () => Promise<boolean>
}

/** [DO10] Asks the browser not to delete what is stored when the disk gets full: at the first call, once for a profile, because some browsers ask the person. */
export const createPersistenceRequest = ({ values, log, persist }: Dependencies): (() => void) => {
  let isAsked = false
  const ask = async (): Promise<void> => {
    if ((await values.get(valueName)) === true) return
    await values.put(valueName, true)
    log.info('the browser was asked to keep the storage', { isPersisted: await persist() })
  }
  return () => {
    if (isAsked) return
    isAsked = true
    void ask().catch(log.failed('the browser was not asked to keep the storage'))
  }
}
