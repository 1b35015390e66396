import { concat, latin1, uint, type Bytes } from './bytes.ts'
import { frameCountOf, type ManifestHead } from './manifest.ts'
import { box, fullBox } from './mp4-boxes.ts'

// MP4 boxes of the decoder set-up, derived from the manifest head: no init segment is stored. Fragmented for HLS, flat for the virtual file.

const unityMatrix = concat(
  uint(0x00010000, 4),
  uint(0, 8),
  uint(0, 4),
  uint(0x00010000, 4),
  uint(0, 8),
  uint(0, 4),
  uint(0x40000000, 4),
)
const zeros = (length: number): Bytes => new Uint8Array(length)
/** Version 1 of a box: 64-bit times, so that long recordings at high sample rates fit. */
const version1 = 0x01000000

/** MPEG-4 descriptor (ISO/IEC 14496-1, 8.3.3) with a one-byte length. */
const descriptor = (tag: number, ...body: readonly Uint8Array[]): Bytes => {
  const content = concat(...body)
  return concat(uint(tag, 1), uint(content.length, 1), content)
}

const samplingFrequencies = [96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000]

/** AudioSpecificConfig of AAC-LC without extensions, 2 bytes (ISO/IEC 14496-3, 1.6.2.1). Throws a RangeError for a rate that has no index. */
export const audioSpecificConfig = (sampleRateHz: number, channels: number): Bytes => {
  const frequency = samplingFrequencies.indexOf(sampleRateHz)
  if (frequency < 0) throw new RangeError(`AAC has no index for ${sampleRateHz} Hz`)
  return uint((2 << 11) | (frequency << 7) | (channels << 3), 2)
}

/** esds with bit rates of 0 (unknown), so that one set-up serves every AAC rendition. */
const esds = (head: ManifestHead): Bytes =>
  fullBox(
    'esds',
    0,
    descriptor(
      3,
      uint(1, 2),
      uint(0, 1),
      descriptor(
        4,
        uint(0x40, 1),
        uint(0x15, 1),
        uint(0, 3),
        uint(0, 4),
        uint(0, 4),
        descriptor(5, audioSpecificConfig(head.sampleRateHz, head.channels)),
      ),
      descriptor(6, uint(2, 1)),
    ),
  )

/** dfLa: one metadata block, last, STREAMINFO (FLAC in ISOBMFF, 3.3.2). */
const dfLa = (head: ManifestHead): Bytes =>
  fullBox('dfLa', 0, uint(0x80, 1), uint(head.streamInfo.length, 3), head.streamInfo)

/** The 16.16 field of a sample entry holds no rate above 65 535 Hz: it is 0 then, and the decoder takes the rate from STREAMINFO. */
const sampleEntry = (head: ManifestHead): Bytes =>
  box(
    head.ladder === 'aac' ? 'mp4a' : 'fLaC',
    zeros(6),
    uint(1, 2),
    zeros(8),
    uint(head.channels, 2),
    uint(head.bitsPerSample === 24 || head.bitsPerSample === 32 ? head.bitsPerSample : 16, 2),
    zeros(4),
    uint(head.sampleRateHz > 65535 ? 0 : head.sampleRateHz, 2),
    zeros(2),
    head.ladder === 'aac' ? esds(head) : dfLa(head),
  )

/** The box `stsd`: codec, channels and decoder set-up. */
export const sampleDescription = (head: ManifestHead): Bytes => fullBox('stsd', 0, uint(1, 4), sampleEntry(head))

const mvhd = (head: ManifestHead): Bytes =>
  fullBox(
    'mvhd',
    version1,
    zeros(16),
    uint(head.sampleRateHz, 4),
    uint(head.totalSamples, 8),
    uint(0x00010000, 4),
    uint(0x0100, 2),
    zeros(10),
    unityMatrix,
    zeros(24),
    uint(2, 4),
  )

const tkhd = (head: ManifestHead): Bytes =>
  fullBox(
    'tkhd',
    version1 | 7,
    zeros(16),
    uint(1, 4),
    zeros(4),
    uint(head.totalSamples, 8),
    zeros(8),
    zeros(2),
    uint(1, 2),
    uint(0x0100, 2),
    zeros(2),
    unityMatrix,
    zeros(8),
  )

/** One edit: the music, without the encoder's delay and padding. */
const edts = (head: ManifestHead): Bytes =>
  box(
    'edts',
    fullBox(
      'elst',
      version1,
      uint(1, 4),
      uint(head.totalSamples, 8),
      uint(head.encoderDelay, 8),
      uint(1, 2),
      uint(0, 2),
    ),
  )

const mdhd = (head: ManifestHead, duration: number): Bytes =>
  fullBox('mdhd', version1, zeros(16), uint(head.sampleRateHz, 4), uint(duration, 8), uint(0x55c4, 2), zeros(2))

const hdlr = fullBox('hdlr', 0, zeros(4), latin1('soun'), zeros(12), latin1('Tonestead\0'))
const dinf = box('dinf', fullBox('dref', 0, uint(1, 4), fullBox('url ', 1)))

/** The box `moov` around a sample table. `mediaDuration`: samples, delay and music; `extension`: bytes after the track, such as `mvex`. */
export const movieBox = (
  head: ManifestHead,
  parts: { sampleTable: Bytes; mediaDuration: number; extension: Bytes },
): Bytes => {
  const minf = box('minf', fullBox('smhd', 0, zeros(4)), dinf, parts.sampleTable)
  const mdia = box('mdia', mdhd(head, parts.mediaDuration), hdlr, minf)
  return box('moov', mvhd(head), box('trak', tkhd(head), edts(head), mdia), parts.extension)
}

/** The init segment of an HLS playlist (fragmented MP4). The same bytes for every rendition of a ladder. */
export const initSegment = (head: ManifestHead): Bytes => {
  const empty = (type: string): Bytes => fullBox(type, 0, uint(0, 4))
  const sampleTable = box(
    'stbl',
    sampleDescription(head),
    empty('stts'),
    empty('stsc'),
    fullBox('stsz', 0, uint(0, 8)),
    empty('stco'),
  )
  const mvex = box(
    'mvex',
    fullBox('mehd', version1, uint(head.totalSamples, 8)),
    fullBox('trex', 0, uint(1, 4), uint(1, 4), uint(head.samplesPerFrame, 4), zeros(8)),
  )
  const ftyp = box('ftyp', latin1('iso6'), uint(0, 4), latin1('iso6cmfcmp41'))
  return concat(ftyp, movieBox(head, { sampleTable, mediaDuration: 0, extension: mvex }))
}

/** Duration of the media in samples: delay and music. The padding in the last frame does not count. */
export const mediaDurationOf = (head: ManifestHead): number => head.encoderDelay + head.totalSamples

/** Duration of the last frame in samples, without its padding. */
export const lastFrameSamples = (head: ManifestHead): number =>
  mediaDurationOf(head) - (frameCountOf(head) - 1) * head.samplesPerFrame
