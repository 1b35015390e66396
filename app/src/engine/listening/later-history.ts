import type { Log } from '../../ports/log.ts'
import { createLater, still } from '../later.ts'
import type { Readable } from '../readable.ts'
import type { History, HistoryView } from './history.ts'

const loading = still<HistoryView>({ kind: 'loading' })

/** The history, whose code is loaded when it is shown or cleared. */
export const createLaterHistory = (load: () => Promise<History>, log: Log): History => {
  const { need, readable } = createLater(load, log)
  const views = new Map<number, Readable<HistoryView>>()
  return {
    view: (months) => {
      const view = views.get(months) ?? readable((history) => history.view(months), loading)
      views.set(months, view)
      return view
    },
    clear: async (signal) => (await need()).clear(signal),
  }
}
