import { createHash } from 'node:crypto'
import { open, rm } from 'node:fs/promises'
import type { ContentKey } from '../ports/content-key-store.ts'
import type { ObjectStore } from '../ports/object-store.ts'
import { openMasterPart, type MasterList } from './seal-master.ts'

export type MasterToOpen = {
  readonly objects: ObjectStore
  readonly list: MasterList
  readonly contentKey: ContentKey
}

/**
 * Writes the source file that a master contains to `path`, which must not exist, and syncs it. `damaged`: a part is missing or altered, so nothing
 * is left at `path`.
 */
export const writeMaster = async (
  master: MasterToOpen,
  path: string,
  signal: AbortSignal,
): Promise<'written' | 'damaged'> => {
  try {
    const outcome = await writeParts(master, path, signal)
    if (outcome === 'damaged') await rm(path, { force: true })
    return outcome
  } catch (error) {
    await rm(path, { force: true })
    throw error
  }
}

const writeParts = async (
  { objects, list, contentKey }: MasterToOpen,
  path: string,
  signal: AbortSignal,
): Promise<'written' | 'damaged'> => {
  await using file = await open(path, 'wx', 0o600)
  const whole = createHash('sha256')
  for (const [index, part] of list.parts.entries()) {
    signal.throwIfAborted()
    const sealed = await objects.get(part.id, signal)
    // The hash comes first: what was altered is never decrypted.
    if (sealed === undefined || createHash('sha256').update(sealed).digest('hex') !== part.id) return 'damaged'
    const plain = await openMasterPart({ masterId: list.masterId, contentKey }, index, sealed)
    whole.update(plain)
    await file.writeFile(plain)
  }
  await file.sync()
  return whole.digest('hex') === list.sha256 ? 'written' : 'damaged'
}
