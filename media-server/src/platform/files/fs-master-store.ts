import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { parseRecordingId, type RecordingId } from '@tonestead/crdt/ids'
import type { MasterStore } from '../../ports/master-store.ts'
import { readFileIfThere, writeFileAtomically } from './fs-atomic-file.ts'

/** <folder>/ab/<26 characters> */
export const createFsMasterStore = (folder: string): MasterStore => {
  const pathOf = (id: RecordingId): string => join(folder, id.slice(0, 2), id)
  return {
    put: (id, list) => writeFileAtomically(pathOf(id), list),
    get: (id) => readFileIfThere(pathOf(id)),
    list: async () => {
      const entries = existsSync(folder) ? await readdir(folder, { recursive: true, withFileTypes: true }) : []
      return entries
        .filter((entry) => entry.isFile() && pattern.test(entry.name))
        .map(({ name }) => parseRecordingId(name))
    },
  }
}

/** Leaves out temporary files of an interrupted write. */
const pattern = /^[a-z2-7]{26}$/
