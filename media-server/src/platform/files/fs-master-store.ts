import { join } from 'node:path'
import type { RecordingId } from '@tonestead/crdt/ids'
import type { MasterStore } from '../../ports/master-store.ts'
import { readFileIfThere, writeFileAtomically } from './fs-atomic-file.ts'

/** <folder>/ab/<26 characters> */
export const createFsMasterStore = (folder: string): MasterStore => {
  const pathOf = (id: RecordingId): string => join(folder, id.slice(0, 2), id)
  return { put: (id, list) => writeFileAtomically(pathOf(id), list), get: (id) => readFileIfThere(pathOf(id)) }
}
