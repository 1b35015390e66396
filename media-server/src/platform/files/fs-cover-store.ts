import { join } from 'node:path'
import type { CoverFile, CoverStore } from '../../ports/cover-store.ts'
import { readFileIfThere, writeFileAtomically } from './fs-atomic-file.ts'

/** <folder>/ab/<64 hex>/<size>.<format> */
export const createFsCoverStore = (folder: string): CoverStore => {
  const pathOf = (file: CoverFile): string => join(folder, file.id.slice(0, 2), file.id, `${file.size}.${file.format}`)
  return {
    put: async (file, bytes) => {
      const existing = await readFileIfThere(pathOf(file))
      if (existing === undefined || Buffer.compare(existing, bytes) !== 0)
        await writeFileAtomically(pathOf(file), bytes)
    },
    get: (file) => readFileIfThere(pathOf(file)),
  }
}
