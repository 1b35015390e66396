import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { writeMaster } from '../encoding/open-master.ts'
import { decodeMasterList, type MasterList } from '../encoding/seal-master.ts'
import type { Clock } from '../ports/clock.ts'
import type { ContentKeyStore } from '../ports/content-key-store.ts'
import type { MasterStore } from '../ports/master-store.ts'
import type { ObjectStore } from '../ports/object-store.ts'
import type { SourceStore } from '../ports/source-store.ts'

export type RebuildDeps = {
  readonly sources: SourceStore
  readonly contentKeys: ContentKeyStore
  readonly masters: MasterStore
  readonly objects: ObjectStore
  readonly clock: Clock
  /** Where complete uploads are kept. */
  readonly uploadFolder: string
  /** The path of a source by the name of its file in that folder. */
  readonly uploadPathOf: (file: string) => string
  /** Names for people (which give titles to files without tags): of a file by the last part of its path, of a master by the SHA-256 of its source file. */
  readonly names: Map<string, string>
}

/** Puts every stored upload into the queue of a new catalog. Private: whether it was public is in the lost catalog. Returns their number. */
export const queueUploads = async ({
  sources,
  clock,
  uploadFolder,
  uploadPathOf,
  names,
}: RebuildDeps): Promise<number> => {
  const files = existsSync(uploadFolder) ? await readdir(uploadFolder) : []
  for (const file of files) {
    const path = join(uploadFolder, file)
    const { size, mtimeMs } = await stat(path)
    const name = names.get(file) ?? `Uploads/${file}`
    const source = { path: uploadPathOf(file), name, sizeBytes: size, modifiedAtMs: Math.trunc(mtimeMs) }
    await sources.add({ ...source, isPublic: false, pictureStamp: '', device: 0 }, clock.now())
  }
  return files.length
}

export type MasterCounts = { readonly written: number; readonly withoutKey: number; readonly damaged: number }

/** Writes the file of every master into the folder of uploads, for music whose own files are gone. `queueUploads` queues them afterwards. */
export const writeMasters = async (deps: RebuildDeps, signal: AbortSignal): Promise<MasterCounts> => {
  const counts = { written: 0, withoutKey: 0, damaged: 0 }
  for (const id of await deps.masters.list()) {
    const list = decode(await deps.masters.get(id))
    const contentKey = list === undefined ? undefined : await deps.contentKeys.get(list.masterId, list.keyVersion)
    if (list === undefined) counts.damaged += 1
    else if (contentKey === undefined) counts.withoutKey += 1
    else {
      const file = randomBytes(16).toString('hex')
      const master = { objects: deps.objects, list, contentKey }
      const outcome = await writeMaster(master, join(deps.uploadFolder, file), signal)
      const name = deps.names.get(list.sha256)
      if (name !== undefined) deps.names.set(file, name)
      counts[outcome] += 1
    }
  }
  return counts
}

const decode = (bytes: Uint8Array | undefined): MasterList | undefined => {
  if (bytes === undefined) return undefined
  try {
    return decodeMasterList(bytes)
  } catch (error) {
    if (error instanceof TypeError || error instanceof RangeError) return undefined
    throw error
  }
}

/** By the last part of the path, which stays when the data folder is moved, and by hash. */
export const namesByFile = (
  named: readonly { path: string; name: string; sha256: string | undefined }[],
): Map<string, string> =>
  new Map(
    named.flatMap(({ path, name, sha256 }) => [
      [basename(path).replace(/^upload:/, ''), name] as const,
      ...(sha256 === undefined ? [] : [[sha256, name] as const]),
    ]),
  )
