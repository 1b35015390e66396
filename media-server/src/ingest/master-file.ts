import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { RecordingId } from '@tonestead/crdt/ids'
import { writeMaster } from '../encoding/open-master.ts'
import { masterListOf } from '../encoding/recording-objects.ts'
import type { ContentKeyStore } from '../ports/content-key-store.ts'
import type { MasterStore } from '../ports/master-store.ts'
import type { ObjectStore } from '../ports/object-store.ts'

type MasterDeps = {
  readonly contentKeys: Pick<ContentKeyStore, 'get'>
  readonly objects: ObjectStore
  readonly masters: MasterStore
  readonly workFolder: string
}

/** Writes the source file that a recording's master contains to the work folder while `use` runs. Undefined when there is no whole master, or no key for it. */
export const withMasterFile = async <T>(
  { contentKeys, objects, masters, workFolder }: MasterDeps,
  { recordingId, signal }: { readonly recordingId: RecordingId; readonly signal: AbortSignal },
  use: (path: string) => Promise<T>,
): Promise<T | undefined> => {
  const list = await masterListOf(masters, recordingId)
  const contentKey = list === undefined ? undefined : await contentKeys.get(list.masterId, list.keyVersion)
  if (list === undefined || contentKey === undefined) return undefined
  const folder = await mkdtemp(join(workFolder, 'master-'))
  try {
    const path = join(folder, 'source')
    return (await writeMaster({ objects, list, contentKey }, path, signal)) === 'written' ? await use(path) : undefined
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
