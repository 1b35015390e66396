import type { ChunkId, RecordingId } from '@tonestead/crdt/ids'
import { decodeManifestHead, decodeManifestTail } from '@tonestead/protocol/manifest'
import type { MasterStore } from '../ports/master-store.ts'
import type { ObjectStore } from '../ports/object-store.ts'
import { decodeMasterList, type MasterList } from './seal-master.ts'
import type { Heads } from './seal-recording.ts'

type RecordingWithObjects = { readonly heads: Heads; readonly waveform: ChunkId | undefined }

/** The objects of a recording: waveform, manifest tails, and the chunks that the tails list. `isIncomplete`: a tail cannot be read, so not all chunks are known. */
type RecordingObjects = { readonly ids: readonly ChunkId[]; readonly isIncomplete: boolean }

export const objectsOf = async (
  objects: ObjectStore,
  { heads, waveform }: RecordingWithObjects,
  signal: AbortSignal,
): Promise<RecordingObjects> => {
  const ids = new Set<ChunkId>(waveform === undefined ? [] : [waveform])
  let isIncomplete = false
  for (const signed of [heads.aac, heads.flac].filter((head) => head !== undefined)) {
    const head = decodeManifestHead(signed)
    ids.add(head.tail.id)
    const tail =
      (await objects.check(head.tail.id, signal)) === 'sound' ? await objects.get(head.tail.id, signal) : undefined
    if (tail === undefined) isIncomplete = true
    else for (const chunk of decodeManifestTail(tail, head).renditions.flat()) ids.add(chunk.id)
  }
  return { ids: [...ids], isIncomplete }
}

/** Whether every object is there, without reading them: what was found damaged has been set aside. */
export const hasAllObjects = async (
  objects: ObjectStore,
  recording: RecordingWithObjects,
  signal: AbortSignal,
): Promise<boolean> => {
  const { ids, isIncomplete } = await objectsOf(objects, recording, signal)
  if (isIncomplete) return false
  for (const id of ids) if ((await objects.sizeOf(id, signal)) === undefined) return false
  return true
}

type MasterDeps = { readonly objects: ObjectStore; readonly masters: MasterStore }

/** The parts of a recording's master; undefined where there is no list of them, or one that cannot be read. */
export const masterPartsOf = async (masters: MasterStore, id: RecordingId): Promise<readonly ChunkId[] | undefined> =>
  (await masterListOf(masters, id))?.parts.map((part) => part.id)

/** The list of a recording's master; undefined where there is none, or one that cannot be read. */
export const masterListOf = async (masters: MasterStore, id: RecordingId): Promise<MasterList | undefined> => {
  const bytes = await masters.get(id)
  if (bytes === undefined) return undefined
  try {
    return decodeMasterList(bytes)
  } catch (error) {
    if (error instanceof TypeError || error instanceof RangeError) return undefined
    throw error
  }
}

/** Whether every part of the master is there, without reading them. */
export const hasMaster = async (
  { objects, masters }: MasterDeps,
  id: RecordingId,
  signal: AbortSignal,
): Promise<boolean> => {
  const parts = await masterPartsOf(masters, id)
  if (parts === undefined) return false
  for (const part of parts) if ((await objects.sizeOf(part, signal)) === undefined) return false
  return true
}
