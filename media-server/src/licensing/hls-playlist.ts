import { setImmediate } from 'node:timers/promises'
import { concat, toHex, utf8, type Bytes } from '@tonestead/protocol/bytes'
import { initializationVector } from '@tonestead/protocol/chunk'
import { readTailSlice } from '@tonestead/protocol/manifest-slice'
import { framesInSegment, type ChunkRef, type ManifestHead } from '@tonestead/protocol/manifest'
import type { RenditionName } from '@tonestead/protocol/rendition'

// Playlists (RFC 8216) of the same chunks that our own player reads. Paths are relative to /hls/<capability>/.
// A recording of many hours has more than ten thousand segments: playlists are made in slices, and other requests are answered in between.

const codecs: Readonly<Record<ManifestHead['ladder'], string>> = { aac: 'mp4a.40.2', flac: 'fLaC' }
/** About a millisecond of work. */
const segmentsInSlice = 128

type Manifest = { readonly head: ManifestHead; /** The bytes of the tail. */ readonly tail: Uint8Array }
type Slice = { readonly from: number; readonly chunks: readonly ChunkRef[] }

/** The chunks of one rendition, slice by slice, with a turn of the event loop before each. */
async function* slicesOf({ head, tail }: Manifest, rendition: number): AsyncGenerator<Slice> {
  for (let from = 0; from < head.segmentCount; from += segmentsInSlice) {
    await setImmediate()
    const to = Math.min(head.segmentCount, from + segmentsInSlice)
    yield { from, chunks: readTailSlice(tail, head, { rendition, from, to }) }
  }
}

export const masterPlaylist = async (manifest: Manifest): Promise<Bytes> => {
  const { head } = manifest
  const lines = ['#EXTM3U', '#EXT-X-VERSION:7', '#EXT-X-INDEPENDENT-SEGMENTS']
  for (const [place, rendition] of head.renditions.entries())
    lines.push(
      `#EXT-X-STREAM-INF:BANDWIDTH=${await peakBps(manifest, place)},AVERAGE-BANDWIDTH=${rendition.bitrateBps},CODECS="${codecs[head.ladder]}"`,
      `${rendition.name}.m3u8`,
    )
  return utf8([...lines, ''].join('\n'))
}

/** The largest bit rate of any segment (RFC 8216, 4.3.4.2). */
const peakBps = async (manifest: Manifest, rendition: number): Promise<number> => {
  let peak = 0
  for await (const { from, chunks } of slicesOf(manifest, rendition))
    for (const [index, chunk] of chunks.entries())
      peak = Math.max(peak, Math.ceil((chunk.sizeBytes * 8) / secondsOf(manifest.head, from + index)))
  return peak
}

const secondsOf = (head: ManifestHead, index: number): number =>
  (framesInSegment(head, index) * head.samplesPerFrame) / head.sampleRateHz

/** The init segment is not encrypted, so EXT-X-MAP comes before the first EXT-X-KEY. `rendition` is one of the head's. */
export const mediaPlaylist = async (
  subtle: SubtleCrypto,
  { rendition, ...manifest }: Manifest & { readonly rendition: RenditionName },
): Promise<Bytes> => {
  const { head } = manifest
  const place = head.renditions.findIndex((candidate) => candidate.name === rendition)
  // Every segment but the last, which is shorter, has the duration of the first.
  const start = [
    '#EXTM3U',
    '#EXT-X-VERSION:7',
    `#EXT-X-TARGETDURATION:${Math.ceil(secondsOf(head, 0))}`,
    '#EXT-X-PLAYLIST-TYPE:VOD',
    '#EXT-X-INDEPENDENT-SEGMENTS',
    `#EXT-X-MAP:URI="init-${head.ladder}.mp4"`,
    '',
  ]
  const parts = [utf8(start.join('\n'))]
  for await (const slice of slicesOf(manifest, place))
    parts.push(await segmentLines(subtle, { head, rendition }, slice))
  return concat(...parts, utf8('#EXT-X-ENDLIST\n'))
}

const segmentLines = async (
  subtle: SubtleCrypto,
  { head, rendition }: { readonly head: ManifestHead; readonly rendition: RenditionName },
  { from, chunks }: Slice,
): Promise<Bytes> => {
  const { recordingId, keyVersion } = head
  const lines = await Promise.all(
    chunks.map(async (chunk, place) => {
      const index = from + place
      const vector = await initializationVector(subtle, { recordingId, keyVersion, rendition, index })
      return `#EXT-X-KEY:METHOD=AES-128,URI="key",IV=0x${toHex(vector)}\n#EXTINF:${secondsOf(head, index).toFixed(6)},\n../../chunks/${chunk.id}.m4s\n`
    }),
  )
  return utf8(lines.join(''))
}
