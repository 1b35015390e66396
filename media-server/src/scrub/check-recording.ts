import type { ChunkId, RecordingId } from '@tonestead/crdt/ids'
import { coverFormats, coverSizes } from '@tonestead/protocol/catalog'
import { masterPartsOf, objectsOf } from '../encoding/recording-objects.ts'
import type { CoverFile, CoverFormat, CoverStore } from '../ports/cover-store.ts'
import type { MasterStore } from '../ports/master-store.ts'
import type { ObjectStore } from '../ports/object-store.ts'
import type { StoredRecording } from '../ports/scrub-source.ts'

export type CheckDeps = {
  readonly objects: ObjectStore
  readonly masters: MasterStore
  readonly covers: CoverStore
  /** Called before each object, so that the check is slow. */
  readonly wait: (signal: AbortSignal) => Promise<void>
}

/** What is wrong with the objects of one recording. */
type RecordingDamage = {
  readonly recording: RecordingId
  readonly checked: number
  readonly missing: number
  readonly damaged: number
}

/** Reads every object of a recording, its master and covers. Damaged objects are set aside: they count as missing from then on and can be made again. */
export const checkRecording = async (
  deps: CheckDeps,
  recording: StoredRecording,
  signal: AbortSignal,
): Promise<RecordingDamage> => {
  const counts = { checked: 0, missing: 0, damaged: 0 }
  const { ids } = await objectsOf(deps.objects, recording, signal)
  for (const id of [...ids, ...((await masterPartsOf(deps.masters, recording.id)) ?? [])]) {
    await deps.wait(signal)
    const state = await deps.objects.check(id, signal)
    counts.checked += 1
    if (state === 'missing') counts.missing += 1
    if (state === 'damaged') {
      await deps.objects.setAside(id, signal)
      counts.damaged += 1
    }
  }
  for (const id of recording.covers) {
    const state = await checkCover(deps.covers, id)
    if (state !== 'sound') counts[state] += 1
  }
  return { recording: recording.id, ...counts }
}

/** All pictures of a cover. What is wrong is not sent any more, and is made again with the recording. */
const checkCover = async (covers: CoverStore, id: ChunkId): Promise<'sound' | 'missing' | 'damaged'> => {
  const states: string[] = []
  for (const size of coverSizes)
    for (const format of coverFormats) {
      const state = await covers.check({ id, size, format })
      states.push(state === 'unmarked' ? await markIfWhole(covers, { id, size, format }) : state)
    }
  if (states.includes('damaged')) return 'damaged'
  return states.includes('missing') ? 'missing' : 'sound'
}

/** Of a picture from a version without hashes it can only be told whether it is complete. From then on it has a hash. */
const markIfWhole = async (covers: CoverStore, file: CoverFile): Promise<'sound' | 'damaged'> => {
  const bytes = await covers.get(file)
  if (bytes === undefined || !hasItsEnd(bytes, file.format)) return 'damaged'
  await covers.put(file, bytes)
  return 'sound'
}

/** A JPEG ends with the marker EOI (FF D9); a WebP file begins with RIFF and the number of bytes that follow. */
const hasItsEnd = (bytes: Uint8Array, format: CoverFormat): boolean =>
  format === 'webp'
    ? bytes.length >= 12 && new DataView(bytes.buffer, bytes.byteOffset).getUint32(4, true) + 8 === bytes.length
    : bytes.at(-2) === 0xff && bytes.at(-1) === 0xd9
