import { mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { IndexSnapshots } from '../../ports/index-snapshots.ts'
import { readFileIfThere, writeFileAtomically } from './fs-atomic-file.ts'

/** <folder>/<name> */
export const createFsIndexSnapshots = (folder: string): IndexSnapshots => ({
  read: (name) => readFileIfThere(join(folder, name)),
  write: (name, parts) => writeFileAtomically(join(folder, name), parts),
  sweep: async (currentNames) => {
    await mkdir(folder, { recursive: true })
    const files = (await readdir(folder, { withFileTypes: true })).filter((entry) => entry.isFile())
    const unknown = files.map((entry) => entry.name).filter((name) => !currentNames.includes(name))
    await Promise.all(unknown.map((name) => rm(join(folder, name), { force: true })))
  },
})
