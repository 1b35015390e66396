import { readdirSync } from 'node:fs'
import { join } from 'node:path'

/** Whether there is any object below the data folder. The first-level folders always exist; an object lies two levels below. */
export const holdsObjects = (dataFolder: string): boolean => {
  const root = join(dataFolder, 'objects')
  return foldersIn(root)
    .filter((name) => name !== 'tmp')
    .some((first) => foldersIn(join(root, first)).some((second) => namesIn(join(root, first, second)).length > 0))
}

const namesIn = (folder: string): readonly string[] => {
  try {
    return readdirSync(folder)
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) return []
    throw error
  }
}
const foldersIn = (folder: string): readonly string[] =>
  namesIn(folder).filter((name) => /^([0-9a-f]{2}|tmp)$/.test(name))
