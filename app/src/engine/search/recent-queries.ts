import { z } from 'zod'
import type { ValueStore } from '../../ports/value-store.ts'
import { createCell } from '../cell.ts'
import type { Search } from './search.ts'

const valueName = 'search-recents'
const mostRecents = 10
const keptSchema = z.array(z.string().max(200))

type RecentQueries = Pick<Search, 'recents' | 'remember' | 'forget' | 'forgetAll'>

/** What was searched for here; two writings of the same words are one. `fold`: foldText of search-index/, loaded when first needed. */
export const createRecentQueries = (
  values: ValueStore,
  loadFold: () => Promise<(text: string) => string>,
): RecentQueries => {
  const recents = createCell<readonly string[]>([])
  const read = async (): Promise<readonly string[]> => keptSchema.safeParse(await values.get(valueName)).data ?? []
  let turn: Promise<unknown> = read()
    .then((kept) => recents.set(kept))
    .catch(() => undefined)

  /** Another tab may have written meanwhile, so each change begins with what is kept. */
  const change = (make: (before: readonly string[], fold: (text: string) => string) => readonly string[]): void => {
    turn = turn
      .then(async () => {
        const fold = await loadFold()
        const changed = make(await read().catch(() => recents.get()), fold)
        recents.set(changed)
        await values.put(valueName, changed)
      })
      .catch(() => undefined)
  }
  const without = (text: string) => (before: readonly string[], fold: (text: string) => string) =>
    before.filter((kept) => fold(kept) !== fold(text))

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
