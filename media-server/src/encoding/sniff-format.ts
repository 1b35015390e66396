import type { Refused, SourceFormat } from '../ports/transcoder.ts'

/** Random access to a source file. A read at its end may return fewer bytes. */
export type ByteSource = { readonly sizeBytes: number; read(offset: number, length: number): Promise<Uint8Array> }

export type Sniffed = { readonly kind: 'recognized'; readonly format: SourceFormat } | Refused

/** Recognizes the format by the first bytes only, never by the name, so that no file is ever read as a playlist. */
export const sniffFormat = async (file: ByteSource): Promise<Sniffed> => {
  if (file.sizeBytes === 0) return { kind: 'refused', code: 'empty' }
  const start = await audioStart(file)
  const head = await file.read(start, headBytes)
  const known = knownMagic(head)
  if (known !== undefined) return { kind: 'recognized', format: known }
  if (isUnsupported(head)) return { kind: 'refused', code: 'format-unsupported' }
  if (start === 0 && isText(head)) return { kind: 'refused', code: isPlaylist(head) ? 'playlist' : 'not-audio' }
  const framed = framedFormat(head)
  if (framed !== undefined) return { kind: 'recognized', format: framed }
  return start > 0
    ? { kind: 'refused', code: 'damaged', detail: 'There is a tag, but no audio after it.' }
    : { kind: 'refused', code: 'not-audio' }
}

const headBytes = 131_072
const id3HeaderBytes = 10
const maxTagsInFront = 8

/** The position after all ID3v2 tags. When a tag claims to end after the end of the file, only its header is skipped. */
const audioStart = async (file: ByteSource): Promise<number> => {
  let offset = 0
  for (let count = 0; count < maxTagsInFront; count += 1) {
    const header = await file.read(offset, id3HeaderBytes)
    if (header.length < id3HeaderBytes || textAt(header, 0, 3) !== 'ID3') return offset
    const size = [6, 7, 8, 9].reduce((sum, index) => sum * 128 + ((header[index] ?? 0) & 127), 0)
    const hasFooter = ((header[5] ?? 0) & 0x10) !== 0
    const next = offset + id3HeaderBytes + size + (hasFooter ? id3HeaderBytes : 0)
    if (next >= file.sizeBytes) return offset + id3HeaderBytes
    offset = await skipZeros(file, next)
  }
  return offset
}

/** Some writers put zeros between tag and audio that the tag's size does not include. */
const skipZeros = async (file: ByteSource, offset: number): Promise<number> => {
  const bytes = await file.read(offset, 4096)
  const first = bytes.findIndex((byte) => byte !== 0)
  return first < 0 ? offset : offset + first
}

const textAt = (bytes: Uint8Array, start: number, length: number): string =>
  String.fromCharCode(...bytes.subarray(start, start + length))

type Magic = {
  readonly format: SourceFormat
  readonly at: number
  readonly text: string
  readonly also?: { readonly at: number; readonly text: string }
}
const asfMagic = '\x30\x26\xb2\x75\x8e\x66\xcf\x11'
const magics: readonly Magic[] = [
  { format: 'flac', at: 0, text: 'fLaC' },
  { format: 'wav', at: 0, text: 'RIFF', also: { at: 8, text: 'WAVE' } },
  { format: 'wav', at: 0, text: 'RF64', also: { at: 8, text: 'WAVE' } },
  { format: 'wav', at: 0, text: 'BW64', also: { at: 8, text: 'WAVE' } },
  { format: 'w64', at: 0, text: 'riff\x2e\x91\xcf\x11' },
  { format: 'aiff', at: 0, text: 'FORM', also: { at: 8, text: 'AIFF' } },
  { format: 'aiff', at: 0, text: 'FORM', also: { at: 8, text: 'AIFC' } },
  { format: 'ogg', at: 0, text: 'OggS' },
  ...['ftyp', 'moov', 'mdat', 'wide', 'pnot'].map((text): Magic => ({ format: 'mov', at: 4, text })),
  { format: 'matroska', at: 0, text: '\x1a\x45\xdf\xa3' },
  { format: 'caf', at: 0, text: 'caff' },
  { format: 'wv', at: 0, text: 'wvpk' },
  { format: 'ape', at: 0, text: 'MAC ' },
  { format: 'tta', at: 0, text: 'TTA1' },
  { format: 'asf', at: 0, text: asfMagic },
  { format: 'dsf', at: 0, text: 'DSD ' },
  { format: 'mpc', at: 0, text: 'MP+' },
  { format: 'mpc8', at: 0, text: 'MPCK' },
]

const knownMagic = (head: Uint8Array): SourceFormat | undefined =>
  magics.find(
    (magic) =>
      textAt(head, magic.at, magic.text.length) === magic.text &&
      (magic.also === undefined || textAt(head, magic.also.at, magic.also.text.length) === magic.also.text),
  )?.format

/** Audio or similar formats that are not decoded here: AU, DSDIFF, MIDI, AMR, RealMedia, ADIF, tracker modules, MPEG program streams. */
const isUnsupported = (head: Uint8Array): boolean =>
  [
    '.snd',
    'FRM8',
    'MThd',
    '#!AMR',
    '.RMF',
    'ADIF',
    'IMPM',
    'Extended Module',
    '\x00\x00\x01\xba',
    'FLV\x01',
    'OFR ',
  ].some((magic) => textAt(head, 0, magic.length) === magic)

/** The first bytes contain no control characters except white space. */
const isText = (head: Uint8Array): boolean => {
  const sample = head.subarray(0, 512)
  const isUtf16 = (sample[0] === 0xff && sample[1] === 0xfe) || (sample[0] === 0xfe && sample[1] === 0xff)
  return isUtf16
    ? !/[^\x20-\x7e\s\0]/.test(textAt(sample, 2, 30))
    : sample.every((byte) => byte >= 0x20 || (byte >= 0x09 && byte <= 0x0d))
}

const playlistMarks =
  /^\s*(?:#EXTM3U|#EXT-X-|ffconcat\b|\[playlist\]|\[Reference\]|<asx|<\?wpl|<smil|<MPD|<SmoothStreamingMedia|(?:https?|file|rtsp|mms):\/\/)|<(?:MPD|playlist|smil|asx|SmoothStreamingMedia)[\s>]/i
const isPlaylist = (head: Uint8Array): boolean =>
  playlistMarks.test(
    textAt(head, 0, 2048)
      .replaceAll('\0', '')
      .replace(/^(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)/, ''),
  )

/** MPEG audio and ADTS have no magic bytes: they are recognized by two consecutive frames near the start, or one frame that ends with the file. */
const framedFormat = (head: Uint8Array): SourceFormat | undefined => {
  for (let offset = 0; offset + 4 <= head.length; offset += 1) {
    if (head[offset] !== 0xff) continue
    const length = frameLength(head, offset)
    if (length === undefined) continue
    const isLast = offset + length.bytes >= head.length && offset === 0
    if (isLast || frameLength(head, offset + length.bytes)?.format === length.format) return length.format
  }
  return undefined
}

type FrameLength = { readonly format: 'mp3' | 'aac'; readonly bytes: number }

const frameLength = (bytes: Uint8Array, offset: number): FrameLength | undefined => {
  const [first, second = 0, third = 0] = bytes.subarray(offset, offset + 3)
  if (first !== 0xff) return undefined
  return (second & 0xf6) === 0xf0 ? adtsLength(bytes, offset) : mpegLength(second, third)
}

const adtsLength = (bytes: Uint8Array, offset: number): FrameLength | undefined => {
  const [, , third = 0, fourth = 0, fifth = 0, sixth = 0] = bytes.subarray(offset, offset + 6)
  const length = ((fourth & 3) << 11) | (fifth << 3) | (sixth >> 5)
  return ((third >> 2) & 15) < 13 && length > 7 ? { format: 'aac', bytes: length } : undefined
}

/** kbit/s by index, ISO/IEC 11172-3 table and 13818-3; layers I to III of version 1, then I and II/III of version 2. */
const bitRates = {
  v1: [
    [],
    [32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448],
    [32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384],
    [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
  ],
  v2: [
    [],
    [32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256],
    [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
    [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
  ],
} as const
const mpegRates = [44100, 48000, 32000]

const mpegLength = (second: number, third: number): FrameLength | undefined => {
  const version = (second >> 3) & 3
  const layer = 4 - ((second >> 1) & 3)
  const rate = mpegRates[(third >> 2) & 3]
  if ((second & 0xe0) !== 0xe0 || version === 1 || layer === 4 || rate === undefined) return undefined
  const isVersion1 = version === 3
  const kbps = (isVersion1 ? bitRates.v1 : bitRates.v2)[layer]?.[(third >> 4) - 1]
  if (kbps === undefined) return undefined
  const hz = rate / (isVersion1 ? 1 : version === 2 ? 2 : 4)
  return { format: 'mp3', bytes: mpegFrameBytes({ layer, isVersion1, kbps, hz, padding: (third >> 1) & 1 }) }
}

type MpegFrame = {
  readonly layer: number
  readonly isVersion1: boolean
  readonly kbps: number
  readonly hz: number
  readonly padding: number
}

const mpegFrameBytes = ({ layer, isVersion1, kbps, hz, padding }: MpegFrame): number => {
  if (layer === 1) return (Math.floor((12_000 * kbps) / hz) + padding) * 4
  return Math.floor(((layer === 3 && !isVersion1 ? 72_000 : 144_000) * kbps) / hz) + padding
}
