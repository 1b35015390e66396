import { concat, fromHex, type Bytes } from '@tonestead/protocol/bytes'
import { parseChunkId, parseRecordingId } from '@tonestead/crdt/ids'
import { frameCountOf, type ManifestHead } from '@tonestead/protocol/manifest'
import { padFrame } from './fill-element.ts'
import { createFlatFile } from './flat-file.ts'

/** An AAC-LC frame of silence, stereo. */
const silentFrame = fromHex('211004608c1c')
const paddedBytes = 24

/** One second of silence, made like a recording: constant sample size, fill elements, an edit list. */
export const createSilentFile = (): Bytes => {
  const sound = { encoderDelay: 1024, totalSamples: 48_000, samplesPerFrame: 1024 }
  const head: ManifestHead = {
    ...sound,
    ladder: 'aac',
    recordingId: parseRecordingId('a'.repeat(26)),
    keyVersion: 1,
    sampleRateHz: 48_000,
    channels: 2,
    bitsPerSample: 0,
    framesPerSegment: frameCountOf(sound),
    segmentCount: 1,
    largestFrameBytes: paddedBytes,
    loudness: { integratedLufs: -70, rangeLu: 0, truePeakDbtp: -100 },
    tail: { id: parseChunkId('0'.repeat(64)), sizeBytes: 0 },
    streamInfo: new Uint8Array(0),
    renditions: [],
  }
  const frame = new Uint8Array(paddedBytes)
  frame.set(silentFrame)
  padFrame(frame, { offset: 0, frameBytes: silentFrame.length, slotBytes: paddedBytes })
  return concat(createFlatFile(head, []).header, ...Array.from({ length: frameCountOf(sound) }, () => frame))
}
