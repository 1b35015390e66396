import { toHex, type Bytes } from '@tonestead/protocol/bytes'
import { initializationVector } from '@tonestead/protocol/chunk'
import { framesInSegment, type ChunkRef, type ManifestHead, type ManifestTail } from '@tonestead/protocol/manifest'
import type { RenditionName } from '@tonestead/protocol/rendition'

// Playlists (RFC 8216) of the same chunks that our own player reads. Paths are relative to /hls/<capability>/.

const codecs: Readonly<Record<ManifestHead['ladder'], string>> = { aac: 'mp4a.40.2', flac: 'fLaC' }

export const masterPlaylist = (head: ManifestHead, tail: ManifestTail): string =>
  [
    '#EXTM3U',
    '#EXT-X-VERSION:7',
    '#EXT-X-INDEPENDENT-SEGMENTS',
    ...head.renditions.flatMap((rendition, place) => [
      `#EXT-X-STREAM-INF:BANDWIDTH=${peakBps(head, tail.renditions[place] ?? [])},AVERAGE-BANDWIDTH=${rendition.bitrateBps},CODECS="${codecs[head.ladder]}"`,
      `${rendition.name}.m3u8`,
    ]),
    '',
  ].join('\n')

/** The largest bit rate of any segment (RFC 8216, 4.3.4.2). */
const peakBps = (head: ManifestHead, chunks: readonly ChunkRef[]): number =>
  chunks.reduce((peak, chunk, index) => Math.max(peak, Math.ceil((chunk.sizeBytes * 8) / secondsOf(head, index))), 0)

const secondsOf = (head: ManifestHead, index: number): number =>
  (framesInSegment(head, index) * head.samplesPerFrame) / head.sampleRateHz

/** The init segment is not encrypted, so EXT-X-MAP comes before the first EXT-X-KEY. */
export const mediaPlaylist = async (
  subtle: SubtleCrypto,
  manifest: { head: ManifestHead; tail: ManifestTail; rendition: RenditionName },
): Promise<string> => {
  const { head, tail, rendition } = manifest
  const chunks = tail.renditions[head.renditions.findIndex((candidate) => candidate.name === rendition)] ?? []
  const vectors = await Promise.all(
    chunks.map((_, index) =>
      initializationVector(subtle, { recordingId: head.recordingId, keyVersion: head.keyVersion, rendition, index }),
    ),
  )
  const target = Math.ceil(Math.max(...chunks.map((_, index) => secondsOf(head, index))))
  return [
    '#EXTM3U',
    '#EXT-X-VERSION:7',
    `#EXT-X-TARGETDURATION:${target}`,
    '#EXT-X-PLAYLIST-TYPE:VOD',
    '#EXT-X-INDEPENDENT-SEGMENTS',
    `#EXT-X-MAP:URI="init-${head.ladder}.mp4"`,
    ...chunks.flatMap((chunk, index) => [
      `#EXT-X-KEY:METHOD=AES-128,URI="key",IV=0x${toHex(vectors[index] as Bytes)}`,
      `#EXTINF:${secondsOf(head, index).toFixed(6)},`,
      `../../chunks/${chunk.id}.m4s`,
    ]),
    '#EXT-X-ENDLIST',
    '',
  ].join('\n')
}
