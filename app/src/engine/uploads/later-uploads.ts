import type { Log } from '../../ports/log.ts'
import { createLater, still } from '../later.ts'
import type { Uploads } from './uploads.ts'

/** Uploads whose code is loaded when they are shown or the first file is added. Until then there are none. */
export const createLaterUploads = (load: () => Promise<Uploads>, log: Log): Uploads => {
  const { need, loaded, readable } = createLater(load, log)
  return {
    view: readable((uploads) => uploads.view, still([])),
    add: async (files, choice) => (await need()).add(files, choice),
    // Of rows that are shown, so the code is there.
    retry: (id) => loaded()?.retry(id),
    remove: (id) => loaded()?.remove(id),
  }
}
