import type { ScrubStateStore } from '../../ports/scrub-state-store.ts'
import { readFileIfThere, writeFileAtomically } from './fs-atomic-file.ts'

/** One file. */
export const createFsScrubStateStore = (path: string): ScrubStateStore => ({
  read: async () => {
    const bytes = await readFileIfThere(path)
    if (bytes === undefined) return undefined
    try {
      return JSON.parse(Buffer.from(bytes).toString('utf8')) as unknown
    } catch {
      // Damaged like any file may be: nothing is lost but the position.
      return undefined
    }
  },
  write: (state) => writeFileAtomically(path, Buffer.from(JSON.stringify(state))),
})
