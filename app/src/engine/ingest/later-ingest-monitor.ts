import type { Log } from '../../ports/log.ts'
import { createLater, still } from '../later.ts'
import type { IngestMonitor, IngestView } from './ingest-monitor.ts'

/** The progress of the import, whose code is loaded when it is shown. Until then it is hidden, as for those who are no administrators. */
export const createLaterIngestMonitor = (load: () => Promise<IngestMonitor>, log: Log): IngestMonitor => {
  const { need, readable } = createLater(load, log)
  return {
    view: readable((monitor) => monitor.view, still<IngestView>({ kind: 'hidden' })),
    scanAgain: async () => (await need()).scanAgain(),
    withdrawHeld: async () => (await need()).withdrawHeld(),
  }
}
