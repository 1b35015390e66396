import { open, type FileHandle } from 'node:fs/promises'
import { readUint } from '@tonestead/protocol/bytes'
import { boxesIn, findBox, type FoundBox } from '@tonestead/protocol/mp4-boxes'

/** The only track of an MP4 file that our own encoder wrote, by its sample table (ISO/IEC 14496-12). */
export type Mp4Frames = {
  readonly frameSizes: Uint32Array
  /** Samples that the encoder got, plus its delay, in the time scale of the media. */
  readonly durationSamples: number
  readonly sampleRateHz: number
  readonly channels: number
  /** FLAC's STREAMINFO; empty for AAC. */
  readonly streamInfo: Uint8Array
  readFrames(from: number, to: number): Promise<readonly Uint8Array[]>
}

export const readMp4Frames = async (path: string): Promise<Mp4Frames> => {
  await using file = await open(path, 'r')
  const moov = await readMovieBox(file)
  const table = findTable(moov)
  const offsets = frameOffsets(table)
  const media = findBox(moov, 'moov', 'trak', 'mdia', 'mdhd')
  if (media === undefined) throw new TypeError('an encoded file without a media header')
  const isLong = moov[media.start] === 1
  return {
    frameSizes: table.sizes,
    durationSamples: readUint(moov, media.start + (isLong ? 24 : 16), isLong ? 8 : 4),
    sampleRateHz: readUint(moov, media.start + (isLong ? 20 : 12), 4),
    channels: readUint(moov, table.entry.start + 16, 2),
    streamInfo: streamInfoOf(moov, table.entry),
    readFrames: async (from, to) => readFrames(path, { offsets, sizes: table.sizes, from, to }),
  }
}

type FileBox = { readonly type: string; readonly start: number; readonly end: number }

const maxMovieBytes = 256 * 1024 * 1024

/** The moov box with its header, so that box paths begin with it. */
const readMovieBox = async (file: FileHandle): Promise<Uint8Array> => {
  for await (const box of fileBoxes(file)) {
    if (box.type !== 'moov') continue
    if (box.end - box.start > maxMovieBytes) throw new RangeError('the sample table is too large')
    return readExactly(file, box.start, box.end - box.start)
  }
  throw new TypeError('an encoded file without a sample table')
}

/** The top-level boxes of a file that may be too large to read as a whole. `start` is the position of the header. */
async function* fileBoxes(file: FileHandle): AsyncGenerator<FileBox> {
  const { size } = await file.stat()
  for (let offset = 0; offset + 8 <= size;) {
    const header = await readExactly(file, offset, Math.min(16, size - offset))
    const short = readUint(header, 0, 4)
    const length = short === 1 ? readUint(header, 8, 8) : short === 0 ? size - offset : short
    if (length < 8 || offset + length > size) throw new RangeError('a box reaches beyond the file')
    yield { type: String.fromCharCode(...header.subarray(4, 8)), start: offset, end: offset + length }
    offset += length
  }
}

type Table = {
  readonly sizes: Uint32Array
  readonly chunkOffsets: Float64Array
  readonly framesPerChunk: Uint32Array
  readonly entry: FoundBox
}

const findTable = (moov: Uint8Array): Table => {
  const path = ['moov', 'trak', 'mdia', 'minf', 'stbl'] as const
  const stsz = findBox(moov, ...path, 'stsz')
  const stsc = findBox(moov, ...path, 'stsc')
  const stco = findBox(moov, ...path, 'stco')
  const co64 = findBox(moov, ...path, 'co64')
  const stsd = findBox(moov, ...path, 'stsd')
  const positions = stco ?? co64
  if (stsz === undefined || stsc === undefined || positions === undefined || stsd === undefined)
    throw new TypeError('an incomplete sample table')
  const [entry] = boxesIn(moov, stsd.start + 8, stsd.end)
  if (entry === undefined) throw new TypeError('a sample table without a description')
  const width = stco === undefined ? 8 : 4
  const chunkOffsets = Float64Array.from({ length: readUint(moov, positions.start + 4, 4) }, (_, index) =>
    readUint(moov, positions.start + 8 + width * index, width),
  )
  return {
    sizes: sizesOf(moov, stsz),
    chunkOffsets,
    framesPerChunk: framesPerChunk(moov, stsc, chunkOffsets.length),
    entry,
  }
}

const sizesOf = (moov: Uint8Array, stsz: FoundBox): Uint32Array => {
  const constant = readUint(moov, stsz.start + 4, 4)
  const length = readUint(moov, stsz.start + 8, 4)
  return Uint32Array.from({ length }, (_, index) =>
    constant === 0 ? readUint(moov, stsz.start + 12 + 4 * index, 4) : constant,
  )
}

const framesPerChunk = (moov: Uint8Array, stsc: FoundBox, chunks: number): Uint32Array => {
  const counts = new Uint32Array(chunks)
  const entries = readUint(moov, stsc.start + 4, 4)
  for (let index = 0; index < entries; index += 1) {
    const at = stsc.start + 8 + 12 * index
    const next = index + 1 < entries ? readUint(moov, at + 12, 4) - 1 : chunks
    counts.fill(readUint(moov, at + 4, 4), readUint(moov, at, 4) - 1, next)
  }
  return counts
}

const frameOffsets = (table: Table): Float64Array => {
  const offsets = new Float64Array(table.sizes.length)
  let frame = 0
  table.chunkOffsets.forEach((chunkOffset, chunk) => {
    let offset = chunkOffset
    for (let count = table.framesPerChunk[chunk] ?? 0; count > 0 && frame < offsets.length; count -= 1, frame += 1) {
      offsets[frame] = offset
      offset += table.sizes[frame] ?? 0
    }
  })
  if (frame !== offsets.length) throw new TypeError('the sample table is inconsistent')
  return offsets
}

/** dfLa: version and flags, then metadata blocks, of which STREAMINFO is the first. */
const streamInfoOf = (moov: Uint8Array, entry: FoundBox): Uint8Array => {
  if (entry.type !== 'fLaC') return new Uint8Array(0)
  const dfLa = [...boxesIn(moov, entry.start + 28, entry.end)].find((box) => box.type === 'dfLa')
  if (dfLa === undefined) throw new TypeError('FLAC without its STREAMINFO')
  return moov.slice(dfLa.start + 8, dfLa.start + 42)
}

type FrameRead = {
  readonly offsets: Float64Array
  readonly sizes: Uint32Array
  readonly from: number
  readonly to: number
}

/** Reads all frames at once: the file has one track, so its frames are adjacent. */
const readFrames = async (path: string, { offsets, sizes, from, to }: FrameRead): Promise<readonly Uint8Array[]> => {
  if (to <= from) return []
  await using file = await open(path, 'r')
  const start = offsets[from] ?? 0
  const bytes = await readExactly(file, start, (offsets[to - 1] ?? 0) + (sizes[to - 1] ?? 0) - start)
  return Array.from({ length: to - from }, (_, index) => {
    const offset = (offsets[from + index] ?? 0) - start
    return bytes.subarray(offset, offset + (sizes[from + index] ?? 0))
  })
}

const readExactly = async (file: FileHandle, position: number, length: number): Promise<Uint8Array> => {
  const bytes = new Uint8Array(length)
  for (let filled = 0; filled < length;) {
    const { bytesRead } = await file.read(bytes, filled, length - filled, position + filled)
    if (bytesRead === 0) throw new RangeError('an encoded file is shorter than its table says')
    filled += bytesRead
  }
  return bytes
}
