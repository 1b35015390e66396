import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { IndexSnapshots } from '../../ports/index-snapshots.ts'
import { readFileIfThere, writeFileAtomically } from './fs-atomic-file.ts'

export const createFsIndexSnapshots = (folder: string): IndexSnapshots => ({
  read: (name) => readFileIfThere(join(folder, name)),
  write: (name, parts) => writeFileAtomically(join(folder, name), parts),
  sweep: async () => {
    const left = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.tmp'))
    await Promise.all(left.map((name) => rm(join(folder, name), { force: true })))
  },
})
