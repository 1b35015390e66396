import { parseChunkId, parseRecordingId, type ChunkId, type RecordingId } from '@tonestead/crdt/ids'
import { concat, fromBase32, fromHex, latin1, readUint, toBase32, toHex, uint, utf8, type Bytes } from './bytes.ts'
import { renditionTable, type Codec, type RenditionName, type RenditionTable } from './rendition.ts'

// The signed manifest of a recording: docs/formats.md, 4 and 5, describes each byte; vectors.json has test vectors.

/** A chunk as the manifest names it. `sizeBytes` is the size of the ciphertext. */
export type ChunkRef = { readonly id: ChunkId; readonly sizeBytes: number }

/** The renditions of one codec. A recording has one manifest for each ladder. */
export type Ladder = Codec

/** Loudness after EBU R 128 / ITU-R BS.1770: integrated in LUFS, range in LU, true peak in dBTP. */
export type Loudness = { readonly integratedLufs: number; readonly rangeLu: number; readonly truePeakDbtp: number }

/** One rendition in a manifest head. */
export type RenditionHead = {
  readonly name: RenditionName
  /** Mean of the sealed bytes, in bit/s. */
  readonly bitrateBps: number
  /** The first two chunks (one if there is only one): enough to start playing before the tail is loaded. */
  readonly first: readonly ChunkRef[]
}

/** What a player needs to begin: at most 400 bytes when signed, so that catalog pages and queues carry it. */
export type ManifestHead = {
  readonly ladder: Ladder
  readonly recordingId: RecordingId
  readonly keyVersion: number
  readonly sampleRateHz: number
  readonly channels: number
  /** 0 for AAC. */
  readonly bitsPerSample: number
  /** Samples that the decoder gives before the music (priming). */
  readonly encoderDelay: number
  /** Samples of music per channel at `sampleRateHz`, without delay and padding. */
  readonly totalSamples: number
  readonly samplesPerFrame: number
  readonly framesPerSegment: number
  readonly segmentCount: number
  /** Bytes of the largest encoded frame of all renditions: for AAC the constant sample size of the virtual file. */
  readonly largestFrameBytes: number
  readonly loudness: Loudness
  readonly tail: ChunkRef
  /** FLAC's STREAMINFO block, 34 bytes; empty for AAC. */
  readonly streamInfo: Uint8Array
  readonly renditions: readonly RenditionHead[]
}

/** All chunks of every rendition, in the order of the head. For FLAC also the size of each frame, for the sample table; empty for AAC. */
export type ManifestTail = {
  readonly renditions: readonly (readonly ChunkRef[])[]
  readonly frameSizes: readonly number[]
}

/** Longest signed head. Three renditions fit: 92 + 3 × 77 + 64 bytes. */
export const maxSignedHeadBytes = 400
const headMagic = 'TSM1'
/** The first four characters of a manifest tail. */
export const tailMagic = 'TST1'
const signatureBytes = 64
const streamInfoBytes = 34
const headContext = utf8('tonestead/manifest-head/v1')
const ladders = ['aac', 'flac'] as const

const centi = (value: number): Bytes => uint(Math.max(-32768, Math.min(32767, Math.round(value * 100))) & 0xffff, 2)

const encodeRef = (ref: ChunkRef): Bytes => concat(uint(ref.sizeBytes, 4), fromHex(ref.id))

/** The bytes of a head, unsigned. Throws a RangeError for a field that does not fit. */
export const encodeManifestHead = (head: ManifestHead, table: Pick<RenditionTable, 'row'> = renditionTable): Bytes =>
  concat(
    latin1(headMagic),
    uint(ladders.indexOf(head.ladder) + 1, 1),
    uint(head.renditions.length, 1),
    fromBase32(head.recordingId),
    uint(head.keyVersion, 2),
    uint(head.sampleRateHz, 4),
    uint(head.channels, 1),
    uint(head.bitsPerSample, 1),
    uint(head.encoderDelay, 2),
    uint(head.totalSamples, 6),
    uint(head.samplesPerFrame, 2),
    uint(head.framesPerSegment, 2),
    uint(head.segmentCount, 4),
    uint(head.largestFrameBytes, 4),
    centi(head.loudness.integratedLufs),
    centi(head.loudness.rangeLu),
    centi(head.loudness.truePeakDbtp),
    encodeRef(head.tail),
    head.streamInfo,
    ...head.renditions.map((rendition) =>
      concat(
        uint(table.row(rendition.name).headCode, 1),
        uint(rendition.bitrateBps, 4),
        ...rendition.first.map(encodeRef),
      ),
    ),
  )

/** Reads forward through bytes; every read past the end throws a RangeError. */
const cursor = (bytes: Uint8Array) => {
  let offset = 0
  const next = (sizeBytes: 1 | 2 | 3 | 4 | 6 | 8): number => {
    offset += sizeBytes
    return readUint(bytes, offset - sizeBytes, sizeBytes)
  }
  const take = (length: number): Uint8Array => {
    if (offset + length > bytes.length) throw new RangeError('read past the end')
    offset += length
    return bytes.slice(offset - length, offset)
  }
  const text = (length: number): string => String.fromCharCode(...take(length))
  const centi = (): number => ((next(2) << 16) >> 16) / 100
  const ref = (): ChunkRef => ({ sizeBytes: next(4), id: parseChunkId(toHex(take(32))) })
  return { next, take, text, centi, ref, position: () => offset }
}

const readRendition = (read: ReturnType<typeof cursor>, refs: number): RenditionHead => {
  const name = renditionTable.nameOfHeadCode(read.next(1))
  if (name === undefined) throw new TypeError('unknown rendition')
  return { name, bitrateBps: read.next(4), first: Array.from({ length: refs }, read.ref) }
}

const readHead = (bytes: Uint8Array): { head: ManifestHead; length: number } => {
  const read = cursor(bytes)
  if (read.text(4) !== headMagic) throw new TypeError('not a manifest head')
  const ladder = ladders[read.next(1) - 1]
  const renditionCount = read.next(1)
  if (ladder === undefined || renditionCount === 0) throw new TypeError('unknown ladder')
  const fields = {
    ladder,
    recordingId: parseRecordingId(toBase32(read.take(16))),
    keyVersion: read.next(2),
    sampleRateHz: read.next(4),
    channels: read.next(1),
    bitsPerSample: read.next(1),
    encoderDelay: read.next(2),
    totalSamples: read.next(6),
    samplesPerFrame: read.next(2),
    framesPerSegment: read.next(2),
    segmentCount: read.next(4),
    largestFrameBytes: read.next(4),
    loudness: { integratedLufs: read.centi(), rangeLu: read.centi(), truePeakDbtp: read.centi() },
    tail: read.ref(),
    streamInfo: read.take(ladder === 'flac' ? streamInfoBytes : 0),
  }
  const refs = Math.min(2, fields.segmentCount)
  const head = { ...fields, renditions: Array.from({ length: renditionCount }, () => readRendition(read, refs)) }
  if (segmentCountOf(head) !== head.segmentCount || head.segmentCount === 0)
    throw new TypeError('the segment count does not follow from the samples')
  return { head, length: read.position() }
}

/** Frames of the whole recording: delay and music, rounded up to a whole frame. */
export const frameCountOf = (head: Pick<ManifestHead, 'encoderDelay' | 'totalSamples' | 'samplesPerFrame'>): number =>
  Math.ceil((head.encoderDelay + head.totalSamples) / head.samplesPerFrame)

/** Segments of the whole recording; the last one may be shorter. */
export const segmentCountOf = (
  head: Pick<ManifestHead, 'encoderDelay' | 'totalSamples' | 'samplesPerFrame' | 'framesPerSegment'>,
): number => Math.ceil(frameCountOf(head) / head.framesPerSegment)

/** Frames in the segment `index`: `framesPerSegment`, fewer in the last one. */
export const framesInSegment = (head: ManifestHead, index: number): number =>
  Math.min(head.framesPerSegment, frameCountOf(head) - index * head.framesPerSegment)

/** Duration of the music in milliseconds, without delay and padding; not rounded. */
export const durationMsOf = (head: Pick<ManifestHead, 'totalSamples' | 'sampleRateHz'>): number =>
  (head.totalSamples * 1000) / head.sampleRateHz

/**
 * Parses an unsigned head; bytes after it are ignored, so a signed one works too. Throws a TypeError or RangeError on anything else.
 * Does not verify a signature: see `openManifestHead`.
 */
export const decodeManifestHead = (bytes: Uint8Array): ManifestHead => readHead(bytes).head

/** Signs a head with the server's signing key (Ed25519): the head followed by 64 bytes of signature. */
export const signManifestHead = async (
  subtle: SubtleCrypto,
  privateKey: CryptoKey,
  head: ManifestHead,
): Promise<Bytes> => {
  const bytes = encodeManifestHead(head)
  const signature = new Uint8Array(await subtle.sign('Ed25519', privateKey, concat(headContext, bytes)))
  return concat(bytes, signature)
}

/** Parses a signed head; undefined when it is malformed, too long, or not signed by this key. */
export const openManifestHead = async (
  subtle: SubtleCrypto,
  publicKey: CryptoKey,
  signed: Uint8Array,
): Promise<ManifestHead | undefined> => {
  if (signed.length > maxSignedHeadBytes) return undefined
  const { head, length } = readHeadOrNothing(signed)
  if (head === undefined || signed.length !== length + signatureBytes) return undefined
  const bytes = concat(headContext, signed.subarray(0, length))
  return (await subtle.verify('Ed25519', publicKey, signed.slice(length), bytes)) ? head : undefined
}

const readHeadOrNothing = (bytes: Uint8Array): { head?: ManifestHead; length: number } => {
  try {
    return readHead(bytes)
  } catch {
    return { length: 0 }
  }
}

const varint = (value: number): number[] => (value < 128 ? [value] : [(value & 127) | 128, ...varint(value >>> 7)])

/** The bytes of a tail. Throws a RangeError for a field that does not fit. */
export const encodeManifestTail = (tail: ManifestTail): Bytes =>
  concat(
    latin1(tailMagic),
    uint(tail.renditions.length, 1),
    uint(tail.renditions[0]?.length ?? 0, 4),
    ...tail.renditions.flatMap((chunks) => chunks.map(encodeRef)),
    uint(tail.frameSizes.length, 4),
    Uint8Array.from(tail.frameSizes.flatMap(varint)),
  )

const readVarint = (read: ReturnType<typeof cursor>): number => {
  let value = 0
  for (let shift = 0; shift <= 28; shift += 7) {
    const byte = read.next(1)
    value += (byte & 127) * 2 ** shift
    if (byte < 128) return value
  }
  throw new RangeError('a frame size of more than five bytes')
}

/**
 * Parses the tail of `head`. The caller has compared its hash with `head.tail.id`. Throws a TypeError or RangeError when it does not fit the head.
 */
export const decodeManifestTail = (bytes: Uint8Array, head: ManifestHead): ManifestTail => {
  const read = cursor(bytes)
  if (read.text(4) !== tailMagic) throw new TypeError('not a manifest tail')
  if (read.next(1) !== head.renditions.length || read.next(4) !== head.segmentCount)
    throw new TypeError('the tail is not of this head')
  const renditions = head.renditions.map(() => Array.from({ length: head.segmentCount }, read.ref))
  const frames = read.next(4)
  if (frames !== (head.ladder === 'flac' ? frameCountOf(head) : 0))
    throw new TypeError('the tail has another number of frames')
  const frameSizes = Array.from({ length: frames }, () => readVarint(read))
  if (read.position() !== bytes.length) throw new TypeError('bytes after the tail')
  return { renditions, frameSizes }
}
