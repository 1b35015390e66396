import { createHash } from 'node:crypto'
import { parseRecordingId, parseReleaseId } from '@tonestead/crdt/ids'
import { idOf, publicationOf } from './publication.testkit.ts'
import type { TrackDescription } from './source-facts.ts'
import type { FolderScan, FoundSource, IngestedSource } from './source-store.ts'

/** A described file for tests: release and recording ids are derived from the names. */
export type DescribedSource = {
  readonly title: string
  readonly release: string
  readonly artist?: string
  readonly albumArtist?: string
  readonly position?: number
  readonly content?: string
  readonly durationMs?: number
  readonly isLossless?: boolean
  readonly year?: number
}

const descriptionOf = (source: DescribedSource): TrackDescription => {
  const credit = (name: string) => ({ name, join: '', musicBrainzId: undefined })
  return {
    title: source.title,
    credits: [credit(source.artist ?? 'Ann')],
    disc: 1,
    position: source.position,
    isrc: undefined,
    musicBrainzId: undefined,
    release: {
      title: source.release,
      credits: [credit(source.albumArtist ?? source.artist ?? 'Ann')],
      hasOwnCredits: source.albumArtist !== undefined,
      type: 'album',
      year: source.year,
      label: undefined,
      barcode: undefined,
      musicBrainzId: undefined,
      folder: undefined,
    },
  }
}

/** What a job makes of a file, for tests. */
export const ingestedOf = (source: DescribedSource): IngestedSource => {
  const content = source.content ?? `${source.release} ${source.title}`
  const { recording } = publicationOf({ title: content, release: '', artist: '', recording: content })
  return {
    sha256: createHash('sha256').update(content).digest('hex'),
    facts: {
      releaseId: parseReleaseId(idOf(`release ${source.release}`)),
      recordingId: parseRecordingId(idOf(`recording ${content}`)),
      description: descriptionOf(source),
      cover: undefined,
      durationMs: source.durationMs ?? recording.durationMs,
      isLossless: source.isLossless ?? false,
    },
    made: { ...recording, durationMs: source.durationMs ?? recording.durationMs },
  }
}

/** A file as a scan of /music finds it. */
export const foundSource = (name: string, change: Partial<FoundSource> = {}): FoundSource => ({
  path: `/music/${name}`,
  name,
  sizeBytes: 1000 + name.length,
  modifiedAtMs: 1_700_000_000_000,
  isPublic: false,
  pictureStamp: '',
  device: 1,
  ...change,
})

/** A scan of /music that could read everything. */
export const scanOf = (found: readonly FoundSource[], change: Partial<FolderScan> = {}): FolderScan => ({
  folder: '/music',
  found,
  unreadable: [],
  empty: [],
  devices: new Map([['/music', 1]]),
  ...change,
})
