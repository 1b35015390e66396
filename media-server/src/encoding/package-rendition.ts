import type { Bytes } from '@tonestead/protocol/bytes'
import { writeSegment } from '@tonestead/protocol/segment'
import type { EncodedRendition } from '../ports/transcoder.ts'

/** 3.2 s: 150 AAC frames at 48 kHz, the shortest time that is a whole number of frames and of milliseconds. */
const segmentMs = 3200

/** AAC: 150 frames at 48 kHz, so all bit rates are split at the same frame. FLAC: the nearest number of whole frames. */
export const framesPerSegmentOf = (rendition: Pick<EncodedRendition, 'sampleRateHz' | 'samplesPerFrame'>): number =>
  Math.max(1, Math.round((segmentMs * rendition.sampleRateHz) / 1000 / rendition.samplesPerFrame))

export const segmentCountOf = (rendition: EncodedRendition): number =>
  Math.ceil(rendition.frameSizes.length / framesPerSegmentOf(rendition))

/** Makes one segment, not yet encrypted, from the frames in the work folder. The same frames give the same bytes. */
export const packageSegment = async (rendition: EncodedRendition, index: number): Promise<Bytes> => {
  const perSegment = framesPerSegmentOf(rendition)
  const from = index * perSegment
  const frames = await rendition.readFrames(from, Math.min(from + perSegment, rendition.frameSizes.length))
  return writeSegment({
    index,
    decodeTime: from * rendition.samplesPerFrame,
    samplesPerFrame: rendition.samplesPerFrame,
    frames,
  })
}
