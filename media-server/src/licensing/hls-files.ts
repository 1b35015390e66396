import type { RecordingId } from '@tonestead/crdt/ids'
import type { Bytes } from '@tonestead/protocol/bytes'
import { initSegment } from '@tonestead/protocol/init-segment'
import { maxHlsDurationMs } from '@tonestead/protocol/license'
import { decodeManifestHead, durationMsOf, type Ladder, type ManifestHead } from '@tonestead/protocol/manifest'
import { ProblemError } from '@tonestead/protocol/problem'
import { codecOf, renditionNames, type RenditionName } from '@tonestead/protocol/rendition'
import type { CatalogStore, PublishedRecording } from '../ports/catalog-store.ts'
import type { ContentKeyStore } from '../ports/content-key-store.ts'
import type { ObjectStore } from '../ports/object-store.ts'
import { masterPlaylist, mediaPlaylist } from './hls-playlist.ts'
import { createPlaylistCache } from './playlist-cache.ts'

type HlsFile = { readonly contentType: string; readonly bytes: Bytes }
export type HlsFiles = (recording: RecordingId, file: string) => Promise<HlsFile>
export type HlsFileDeps = {
  readonly catalog: CatalogStore
  readonly objects: ObjectStore
  readonly contentKeys: ContentKeyStore
  readonly subtle: SubtleCrypto
}

/** A playlist of twelve hours takes 2.5 MB. */
const cacheBytes = 32 * 1024 * 1024

/** Playlists are shared by several callers, so no single one may abort the making. */
const never = new AbortController().signal

/**
 * Makes the files below /hls/<capability>/: playlists, init segments and the key. Throws a ProblemError `not-found` for a file that the recording does
 * not have, and `recording-too-long` for playlists of more than `maxHlsDurationMs`.
 */
export const createHlsFiles = (deps: HlsFileDeps): HlsFiles => {
  const cached = createPlaylistCache(cacheBytes)
  return async (id, file) => {
    const recording = await deps.catalog.recording(id, 'listeners')
    if (recording === undefined) throw new ProblemError('recording-not-found')
    if (file === 'key') return keyFile(deps, recording)
    const init = /^init-(aac|flac)\.mp4$/.exec(file)?.[1] as Ladder | undefined
    if (init !== undefined)
      return { contentType: 'audio/mp4', bytes: initSegment(decodeManifestHead(signedHead(recording, init))) }
    const plan = planPlaylist(recording, file)
    const bytes = await cached(`${recording.id}/${plan.head.tail.id}/${file}`, () => makePlaylist(deps, plan))
    return { contentType: 'application/vnd.apple.mpegurl', bytes }
  }
}

type PlaylistPlan = {
  readonly head: ManifestHead
  /** Undefined for the master playlist. */ readonly rendition: RenditionName | undefined
}

const planPlaylist = (recording: PublishedRecording, file: string): PlaylistPlan => {
  const name = renditionNames.find((candidate) => file === `${candidate}.m3u8`)
  if (name === undefined && file !== 'master.m3u8') throw new ProblemError('not-found')
  const head = decodeManifestHead(signedHead(recording, name === undefined ? 'aac' : codecOf(name)))
  const rendition = head.renditions.find((candidate) => candidate.name === name)
  if (name !== undefined && rendition === undefined) throw new ProblemError('not-found')
  if (durationMsOf(head) > maxHlsDurationMs) throw tooLongForHls()
  return { head, rendition: rendition?.name }
}

/** The problem for a recording that is longer than `maxHlsDurationMs`. */
export const tooLongForHls = (): ProblemError =>
  new ProblemError('recording-too-long', `Other players get at most ${maxHlsDurationMs / 3_600_000} hours.`)

const makePlaylist = async (deps: HlsFileDeps, { head, rendition }: PlaylistPlan): Promise<Bytes> => {
  const tail = await deps.objects.get(head.tail.id, never)
  if (tail === undefined) throw new Error('a published recording without its manifest tail')
  return rendition === undefined
    ? masterPlaylist({ head, tail })
    : mediaPlaylist(deps.subtle, { head, tail, rendition })
}

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
