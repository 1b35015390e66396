import { concat, latin1, uint, type Bytes } from '@tonestead/protocol/bytes'
import { lastFrameSamples, mediaDurationOf, movieBox, sampleDescription } from '@tonestead/protocol/init-segment'
import { frameCountOf, framesInSegment, type ManifestHead } from '@tonestead/protocol/manifest'
import { box, fullBox } from '@tonestead/protocol/mp4-boxes'

/** [ST8] The virtual file: an ordinary M4A. Every byte has a fixed place, whatever renditions fill the slots. */
export type FlatFile = {
  /** ftyp, moov and the head of mdat. */
  readonly header: Bytes
  readonly lengthBytes: number
  /** One slot per segment. */
  readonly slotCount: number
  /** Offset of a slot's first byte; that of `slotCount` is the end of the file. */
  slotStart(slot: number): number
  /** The slot of a byte after the header. */
  slotAt(offset: number): number
}

/**
 * Lays the file out. AAC: each frame takes `largestFrameBytes`. FLAC: each takes its own size, from the tail; a FLAC head without sizes is a RangeError.
 */
export const createFlatFile = (head: ManifestHead, frameSizes: readonly number[]): FlatFile => {
  const frames = frameCountOf(head)
  if (head.ladder === 'flac' && frameSizes.length !== frames)
    throw new RangeError('the frame sizes are not of this recording')
  const ends = head.ladder === 'flac' ? slotEnds(head, frameSizes) : undefined
  const mediaBytes = ends?.at(-1) ?? frames * head.largestFrameBytes
  const header = headerOf(head, { frameSizes, frames, mediaBytes })
  const constantSlot = head.framesPerSegment * head.largestFrameBytes
  const lengthBytes = header.length + mediaBytes
  const slotStart = (slot: number): number =>
    slot === 0 ? header.length : header.length + (ends?.[slot - 1] ?? Math.min(mediaBytes, slot * constantSlot))
  const slotAt = (offset: number): number =>
    ends === undefined ? Math.floor((offset - header.length) / constantSlot) : firstBeyond(ends, offset - header.length)
  return { header, lengthBytes, slotCount: head.segmentCount, slotStart, slotAt }
}

const slotEnds = (head: ManifestHead, frameSizes: readonly number[]): number[] => {
  const ends: number[] = []
  let end = 0
  for (let slot = 0, frame = 0; slot < head.segmentCount; slot += 1) {
    for (const last = frame + framesInSegment(head, slot); frame < last; frame += 1) end += frameSizes[frame] ?? 0
    ends.push(end)
  }
  return ends
}

/** Binary search: the first end above an offset. */
const firstBeyond = (ends: readonly number[], offset: number): number => {
  let low = 0
  let high = ends.length - 1
  while (low < high) {
    const middle = (low + high) >> 1
    if ((ends[middle] ?? 0) > offset) high = middle
    else low = middle + 1
  }
  return low
}

type Media = { readonly frameSizes: readonly number[]; readonly frames: number; readonly mediaBytes: number }

/** The one chunk of samples starts right after this header, so its offset always fits into `stco`, also where `mdat` needs a 64-bit size. */
const headerOf = (head: ManifestHead, media: Media): Bytes => {
  const ftyp = box('ftyp', latin1('M4A '), uint(512, 4), latin1('M4A isomiso2'))
  const moov = (offset: number): Bytes =>
    movieBox(head, {
      sampleTable: sampleTable(head, media, offset),
      mediaDuration: mediaDurationOf(head),
      extension: new Uint8Array(0),
    })
  const mdat = mdatHead(media.mediaBytes)
  return concat(ftyp, moov(ftyp.length + moov(0).length + mdat.length), mdat)
}

const mdatHead = (mediaBytes: number): Bytes =>
  mediaBytes + 8 < 2 ** 32
    ? concat(uint(mediaBytes + 8, 4), latin1('mdat'))
    : concat(uint(1, 4), latin1('mdat'), uint(mediaBytes + 16, 8))

const sampleTable = (head: ManifestHead, media: Media, offset: number): Bytes => {
  const { frames } = media
  const last = lastFrameSamples(head)
  const full = last === head.samplesPerFrame ? frames : frames - 1
  const runs = [
    ...(full > 0 ? [uint(full, 4), uint(head.samplesPerFrame, 4)] : []),
    ...(full === frames ? [] : [uint(1, 4), uint(last, 4)]),
  ]
  return box(
    'stbl',
    sampleDescription(head),
    fullBox('stts', 0, uint(runs.length / 2, 4), ...runs),
    fullBox('stsc', 0, uint(1, 4), uint(1, 4), uint(frames, 4), uint(1, 4)),
    head.ladder === 'flac'
      ? fullBox('stsz', 0, uint(0, 4), uint(frames, 4), sizeTable(media.frameSizes))
      : fullBox('stsz', 0, uint(head.largestFrameBytes, 4), uint(frames, 4)),
    fullBox('stco', 0, uint(1, 4), uint(offset, 4)),
  )
}

const sizeTable = (frameSizes: readonly number[]): Bytes => {
  const table = new Uint8Array(frameSizes.length * 4)
  const view = new DataView(table.buffer)
  frameSizes.forEach((size, index) => view.setUint32(index * 4, size))
  return table
}
