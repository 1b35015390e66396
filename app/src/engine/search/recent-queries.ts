import { z } from 'zod'
import type { Log } from '../../ports/log.ts'
import type { ValueStore } from '../../ports/value-store.ts'
import { createCell } from '../cell.ts'
import type { Search } from './search.ts'

const valueName = 'search-recents'
const mostRecents = 10
const storedSchema = z.array(z.string().max(200))

type RecentQueries = Pick<Search, 'recents' | 'remember' | 'forget' | 'forgetAll'>

type RecentQueriesDeps = {
  readonly values: ValueStore
  readonly log: Log
  /** Loads foldText of search-index/, when it is first needed. */
  readonly loadFold: () => Promise<(text: string) => string>
}

/** The texts that were searched for on this device. Texts that are equal after folding (case, accents) are one. */
export const createRecentQueries = ({ values, log, loadFold }: RecentQueriesDeps): RecentQueries => {
  const recents = createCell<readonly string[]>([])
  const read = async (): Promise<readonly string[]> => storedSchema.safeParse(await values.get(valueName)).data ?? []
  let queue: Promise<unknown> = read()
    .then((stored) => recents.set(stored))
    .catch(log.failed('the recent searches were not read'))

  /** Another tab may have written since, so each change reads the stored list first. */
  const change = (make: (before: readonly string[], fold: (text: string) => string) => readonly string[]): void => {
    queue = queue
      .then(async () => {
        const fold = await loadFold()
        const changed = make(
          (await read().catch(log.failed('the recent searches were not read'))) ?? recents.get(),
          fold,
        )
        recents.set(changed)
        await values.put(valueName, changed)
      })
      .catch(log.failed('the recent searches were not stored'))
  }
  const without = (text: string) => (before: readonly string[], fold: (text: string) => string) =>
    before.filter((stored) => fold(stored) !== fold(text))

  return {
    recents,
    remember: (text) => {
      const trimmed = text.trim().slice(0, 200)
      if (trimmed !== '') change((before, fold) => [trimmed, ...without(trimmed)(before, fold)].slice(0, mostRecents))
    },
    forget: (text) => change(without(text)),
    forgetAll: () => change(() => []),
  }
}
