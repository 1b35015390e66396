import { concat, latin1, readUint, uint, type Bytes } from './bytes.ts'
import { box, boxesIn, findBox, fullBox } from './mp4-boxes.ts'

// CMAF segments (ISO/IEC 23000-19): styp, moof (mfhd, one traf: tfhd, tfdt, trun with a size per sample), mdat.

const styp = box('styp', latin1('msdh'), uint(0, 4), latin1('msdhcmfs'))
/** tfhd: default-base-is-moof, default sample duration present. */
const tfhdFlags = 0x020008
/** trun: data offset and one size per sample. */
const trunFlags = 0x000201
const largeTime = 0x01000000

/** A plaintext media segment: some seconds of one rendition. */
export type Segment = {
  /** Counts from 0. */
  readonly index: number
  /** Decode time of the first frame, in samples. */
  readonly decodeTime: number
  readonly samplesPerFrame: number
  /** Encoded frames (access units) in order. */
  readonly frames: readonly Uint8Array[]
}

/** Writes a segment (docs/formats.md, 2). The same frames give the same bytes. */
export const writeSegment = (segment: Segment): Bytes => {
  const moof = (dataOffset: number): Bytes =>
    box(
      'moof',
      fullBox('mfhd', 0, uint(segment.index + 1, 4)),
      box(
        'traf',
        fullBox('tfhd', tfhdFlags, uint(1, 4), uint(segment.samplesPerFrame, 4)),
        fullBox('tfdt', largeTime, uint(segment.decodeTime, 8)),
        fullBox(
          'trun',
          trunFlags,
          uint(segment.frames.length, 4),
          uint(dataOffset, 4),
          ...segment.frames.map((frame) => uint(frame.length, 4)),
        ),
      ),
    )
  const header = moof(moof(0).length + 8)
  return concat(styp, header, box('mdat', ...segment.frames))
}

/** The frames of a segment made by `writeSegment`, as views of its bytes. Throws a TypeError or RangeError on anything else. */
export const readSegmentFrames = (bytes: Uint8Array): Uint8Array[] => {
  const trun = findBox(bytes, 'moof', 'traf', 'trun')
  const mdat = [...boxesIn(bytes)].find((found) => found.type === 'mdat')
  if (trun === undefined || mdat === undefined || readUint(bytes, trun.start, 4) !== trunFlags)
    throw new TypeError('not a segment that writeSegment made')
  const count = readUint(bytes, trun.start + 4, 4)
  let offset = mdat.start
  const frames: Uint8Array[] = []
  for (let index = 0; index < count; index += 1) {
    const size = readUint(bytes, trun.start + 12 + 4 * index, 4)
    if (offset + size > mdat.end) throw new RangeError('a frame reaches beyond its segment')
    frames.push(bytes.subarray(offset, offset + size))
    offset += size
  }
  return frames
}
