import type { RecordingId } from '@tonestead/crdt/ids'
import type { Bytes } from '@tonestead/protocol/bytes'
import { utf8 } from '@tonestead/protocol/bytes'
import { initSegment } from '@tonestead/protocol/init-segment'
import {
  decodeManifestHead,
  decodeManifestTail,
  type Ladder,
  type ManifestHead,
  type ManifestTail,
} from '@tonestead/protocol/manifest'
import { ProblemError } from '@tonestead/protocol/problem'
import { codecOf, renditionNames } from '@tonestead/protocol/rendition'
import type { CatalogStore, PublishedRecording } from '../ports/catalog-store.ts'
import type { ContentKeyStore } from '../ports/content-key-store.ts'
import type { ObjectStore } from '../ports/object-store.ts'
import { masterPlaylist, mediaPlaylist } from './hls-playlist.ts'

type HlsFile = { readonly contentType: string; readonly bytes: Bytes }
export type HlsFiles = (recording: RecordingId, file: string, signal: AbortSignal) => Promise<HlsFile>
export type HlsFileDeps = {
  readonly catalog: CatalogStore
  readonly objects: ObjectStore
  readonly contentKeys: ContentKeyStore
  readonly subtle: SubtleCrypto
}

/** Makes the files below /hls/<capability>/: playlists, init segments and the key. Throws a ProblemError `not-found` for a file that the recording does not have. */
export const createHlsFiles =
  (deps: HlsFileDeps): HlsFiles =>
  async (id, file, signal) => {
    const recording = await deps.catalog.recording(id, 'listeners')
    if (recording === undefined) throw new ProblemError('recording-not-found')
    if (file === 'key') return keyFile(deps, recording)
    if (file === 'master.m3u8') {
      const { head, tail } = await manifestOf(deps, { recording, ladder: 'aac' }, signal)
      return playlist(masterPlaylist(head, tail))
    }
    const init = /^init-(aac|flac)\.mp4$/.exec(file)?.[1] as Ladder | undefined
    if (init !== undefined)
      return { contentType: 'audio/mp4', bytes: initSegment(decodeManifestHead(signedHead(recording, init))) }
    return playlist(await renditionPlaylist(deps, { recording, file }, signal))
  }

const renditionPlaylist = async (
  deps: HlsFileDeps,
  request: { recording: PublishedRecording; file: string },
  signal: AbortSignal,
): Promise<string> => {
  const name = renditionNames.find((candidate) => request.file === `${candidate}.m3u8`)
  const manifest =
    name === undefined
      ? undefined
      : await manifestOf(deps, { recording: request.recording, ladder: codecOf(name) }, signal)
  const rendition = manifest?.head.renditions.find((candidate) => candidate.name === name)
  if (manifest === undefined || rendition === undefined) throw new ProblemError('not-found')
  return mediaPlaylist(deps.subtle, { ...manifest, rendition: rendition.name })
}

const playlist = (text: string): HlsFile => ({ contentType: 'application/vnd.apple.mpegurl', bytes: utf8(text) })

const keyFile = async (deps: HlsFileDeps, recording: PublishedRecording): Promise<HlsFile> => {
  const found = await deps.contentKeys.get(recording.id, recording.keyVersion)
  if (found === undefined) throw new Error('a published recording without its content key')
  return { contentType: 'application/octet-stream', bytes: found.key }
}

const signedHead = (recording: PublishedRecording, ladder: Ladder): Uint8Array => {
  const head = recording.heads[ladder]
  if (head === undefined) throw new ProblemError('not-found', 'This recording has no lossless version.')
  return head
}

const manifestOf = async (
  deps: HlsFileDeps,
  of: { recording: PublishedRecording; ladder: Ladder },
  signal: AbortSignal,
): Promise<{ head: ManifestHead; tail: ManifestTail }> => {
  const head = decodeManifestHead(signedHead(of.recording, of.ladder))
  const tail = await deps.objects.get(head.tail.id, signal)
  if (tail === undefined) throw new Error('a published recording without its manifest tail')
  return { head, tail: decodeManifestTail(tail, head) }
}
