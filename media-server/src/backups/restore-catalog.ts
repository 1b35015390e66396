import { constants, existsSync } from 'node:fs'
import { copyFile, mkdir, open, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'

export type Restoring = {
  /** The catalog's file. */
  readonly path: string
  /** The copies that may be used, the best first. */
  readonly candidates: readonly string[]
  /** What is wrong with a database file; undefined when it is sound. */
  readonly findDamage: (path: string) => string | undefined
  /** Where the present catalog is moved. It must not exist. */
  readonly asideFolder: string
}
export type Restored =
  | { readonly kind: 'restored'; readonly from: string; readonly passedOver: readonly string[] }
  | { readonly kind: 'no-sound-copy'; readonly passedOver: readonly string[] }

/**
 * Puts the first sound copy in the place of the catalog. The catalog that was there is moved aside and never deleted. Killed at any point, it can be
 * called again: a data folder without a catalog is refused at the start of the server.
 */
export const restoreCatalog = async ({ path, candidates, findDamage, asideFolder }: Restoring): Promise<Restored> => {
  const passedOver: string[] = []
  for (const from of candidates) {
    const damage = existsSync(from) ? findDamage(from) : 'there is no such file'
    if (damage !== undefined) {
      passedOver.push(`${from}: ${damage}`)
      continue
    }
    const ready = `${path}.restoring`
    await rm(ready, { force: true })
    await copyFile(from, ready, constants.COPYFILE_FICLONE)
    await sync(ready)
    await moveCatalogAside(path, asideFolder)
    await rename(ready, path)
    await syncFolder(dirname(path))
    return { kind: 'restored', from, passedOver }
  }
  return { kind: 'no-sound-copy', passedOver }
}

/** Moves a database and its write-ahead log into a new folder. Does nothing where there is none. */
export const moveCatalogAside = async (path: string, asideFolder: string): Promise<void> => {
  // The log first: without the database it is of no use, but a new database must never find an old log.
  const present = [`${path}-wal`, `${path}-shm`, path].filter((file) => existsSync(file))
  if (present.length === 0) return
  await mkdir(asideFolder, { recursive: true, mode: 0o700 })
  for (const file of present) await rename(file, join(asideFolder, basename(file)))
  await syncFolder(asideFolder)
  await syncFolder(dirname(path))
}

const sync = async (path: string): Promise<void> => {
  await using file = await open(path, 'r+')
  await file.sync()
}

/** Windows cannot open folders. */
const syncFolder = async (path: string): Promise<void> => {
  if (process.platform === 'win32') return
  await using folder = await open(path, 'r')
  await folder.sync()
}
