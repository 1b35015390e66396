import type { Bytes } from '@tonestead/protocol/bytes'
import { openChunk } from '@tonestead/protocol/chunk'
import type { ChunkRef, ManifestHead } from '@tonestead/protocol/manifest'
import { readSegmentFrames } from '@tonestead/protocol/segment'
import type { ChunkStore } from '../../ports/chunk-store.ts'
import type { Log } from '../../ports/log.ts'
import type { PlayRecord } from '../../ports/play-store.ts'
import { cachedAmong } from './cached-among.ts'
import { chooseRendition, qualityIndex } from './choose-rendition.ts'
import { padFrame } from './fill-element.ts'
import type { FlatFile } from './flat-file.ts'
import type { ChunkReader, VerifiedChunk } from './read-chunk.ts'
import type { SegmentMap } from './segment-map.ts'
import { createSingleFlight } from './single-flight.ts'
import { StreamFailure } from './stream-failure.ts'
import type { Throughput } from './throughput.ts'

/** A slot of the virtual file as it is sent. A later request for it gets the same bytes. */
export type Slot = { readonly bytes: Bytes; readonly rendition: number; readonly origin: VerifiedChunk['origin'] }

export type SlotReader = {
  /** `slotsSinceStart` counts from the start or seek. Rejects with a StreamFailure or the signal's reason. */
  read(slot: number, slotsSinceStart: number, signal: AbortSignal): Promise<Slot>
}

type Deps = {
  readonly record: PlayRecord
  readonly head: ManifestHead
  readonly file: FlatFile
  readonly segments: SegmentMap
  readonly chunks: ChunkReader
  readonly store: ChunkStore
  readonly throughput: Throughput
  readonly subtle: SubtleCrypto
  readonly log: Log
  /** Rejects with a StreamFailure when there is none. */
  readonly contentKey: (signal: AbortSignal) => Promise<CryptoKey>
  /** The pins that an earlier worker stored; undefined: none. */
  readonly pins: Uint8Array | undefined
  /** Resolves when the pins are stored. */
  readonly savePins: (pins: Uint8Array) => Promise<void>
}

/** [ST12] Slots in memory for the many small ranges that iOS requests. */
const mostSlotsInMemory = 4
const unpinned = 255

export const createSlotReader = (deps: Deps): SlotReader => {
  const { head, record } = deps
  const pins =
    deps.pins?.length === head.segmentCount ? deps.pins.slice() : new Uint8Array(head.segmentCount).fill(unpinned)
  const tasks = createSingleFlight<number, Slot>()
  const inMemory = new Map<number, Slot>()
  const bitratesBps = head.renditions.map((rendition) => rendition.bitrateBps)
  const quality = qualityIndex(record, head)

  /** [ST4] Stored before the first byte is sent. */
  const pin = async (slot: number, rendition: number): Promise<void> => {
    if (pins[slot] === rendition) return
    pins[slot] = rendition
    await deps.savePins(pins.slice())
  }

  const pinnedAt = (slot: number): number | undefined => (pins[slot] === unpinned ? undefined : pins[slot])

  const choose = async (slot: number, slotsSinceStart: number, refs: readonly ChunkRef[]): Promise<number> => {
    const pinned = pinnedAt(slot)
    const isByThroughput = pinned === undefined && quality === 'auto' && record.pattern === undefined && refs.length > 1
    const cached = isByThroughput ? await cachedAmong(deps, refs) : []
    const throughputBps = deps.throughput.bitsPerSecond()
    return chooseRendition({
      slot,
      bitratesBps,
      pinned,
      cached,
      quality,
      pattern: record.pattern,
      throughputBps,
      previous: pinnedAt(slot - 1),
      slotsSinceStart,
    })
  }

  const make = async (slot: number, slotsSinceStart: number, signal: AbortSignal): Promise<Slot> => {
    const key = deps.contentKey(signal)
    // Awaited below; until then its rejection must not count as unhandled.
    key.catch(() => undefined)
    const refs = await deps.segments.refs(slot, signal)
    const wanted = await choose(slot, slotsSinceStart, refs)
    const isFree = pinnedAt(slot) === undefined
    const { rendition, chunk } = await readOrSubstitute(deps, { refs, wanted, isFree }, signal)
    const [bytes] = await Promise.all([
      key.then((contentKey) => openSlot(deps, { slot, rendition, chunk: chunk.bytes }, contentKey)),
      pin(slot, rendition),
    ])
    const made: Slot = { bytes, rendition, origin: chunk.origin }
    remember(inMemory, slot, made)
    return made
  }

  return {
    read: async (slot, slotsSinceStart, signal) =>
      inMemory.get(slot) ?? tasks.run(slot, (shared) => make(slot, slotsSinceStart, shared), signal),
  }
}

const remember = (inMemory: Map<number, Slot>, slot: number, made: Slot): void => {
  inMemory.set(slot, made)
  const oldest = inMemory.keys().next().value
  if (inMemory.size > mostSlotsInMemory && oldest !== undefined) inMemory.delete(oldest)
}

type Wanted = { readonly refs: readonly ChunkRef[]; readonly wanted: number; readonly isFree: boolean }

/** [ST6] While no byte of a slot was sent, another cached rendition is used when the wanted one cannot be had. */
const readOrSubstitute = async (
  deps: Deps,
  { refs, wanted, isFree }: Wanted,
  signal: AbortSignal,
): Promise<{ rendition: number; chunk: VerifiedChunk }> => {
  const ref = refs[wanted]
  if (ref === undefined) throw new StreamFailure('head-invalid', 'the pinned rendition is not of this recording')
  try {
    return { rendition: wanted, chunk: await deps.chunks.read(ref, signal) }
  } catch (error) {
    const others = isFree && error instanceof StreamFailure ? await cachedAmong(deps, refs) : []
    const substitute = others.findLast((index) => index !== wanted)
    const substituteRef = substitute === undefined ? undefined : refs[substitute]
    if (substitute === undefined || substituteRef === undefined) throw error
    return { rendition: substitute, chunk: await deps.chunks.read(substituteRef, signal) }
  }
}

type Opening = { readonly slot: number; readonly rendition: number; readonly chunk: Bytes }

/** Decrypts a verified chunk and lays out its frames as in the virtual file. */
const openSlot = async (deps: Deps, { slot, rendition, chunk }: Opening, key: CryptoKey): Promise<Bytes> => {
  const { head, file } = deps
  const name = head.renditions[rendition]?.name
  if (name === undefined) throw new StreamFailure('head-invalid', 'no such rendition')
  const segment = await openChunk(deps.subtle, key, {
    address: { recordingId: head.recordingId, keyVersion: head.keyVersion, rendition: name, index: slot },
    chunk,
  })
  const sizeBytes = file.slotStart(slot + 1) - file.slotStart(slot)
  return layFrames(readSegmentFrames(segment), {
    sizeBytes,
    frameSlotBytes: head.ladder === 'aac' ? head.largestFrameBytes : undefined,
  })
}

const layFrames = (
  frames: readonly Uint8Array[],
  room: { sizeBytes: number; frameSlotBytes: number | undefined },
): Bytes => {
  const bytes = new Uint8Array(room.sizeBytes)
  let offset = 0
  for (const frame of frames) {
    const slotBytes = room.frameSlotBytes ?? frame.length
    bytes.set(frame, offset)
    padFrame(bytes, { offset, frameBytes: frame.length, slotBytes })
    offset += slotBytes
  }
  if (offset !== room.sizeBytes) throw new StreamFailure('head-invalid', 'the segment does not fill its slot')
  return bytes
}
