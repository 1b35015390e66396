import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { RecordingId, ReleaseId, TrackId } from '@tonestead/crdt/ids'
import { aacRenditions, renditionsOf, type RenditionName } from '@tonestead/protocol/rendition'
import type { IngestStep } from '@tonestead/protocol/ingest'
import { hasAllObjects, hasMaster } from '../encoding/recording-objects.ts'
import { encodeMasterList, sealMaster } from '../encoding/seal-master.ts'
import { renditionsIn, sealRecording, type Heads } from '../encoding/seal-recording.ts'
import type { CatalogStore, PublishedRecording } from '../ports/catalog-store.ts'
import type { Clock } from '../ports/clock.ts'
import type { ContentKeyStore } from '../ports/content-key-store.ts'
import type { MasterStore } from '../ports/master-store.ts'
import type { ObjectStore } from '../ports/object-store.ts'
import type { JobOutcome, SourceJob } from '../ports/source-store.ts'
import type { TagReader } from '../ports/tag-reader.ts'
import type { Probe, Refused, Transcoded, Transcoder } from '../ports/transcoder.ts'
import { albumLoudness } from './album-loudness.ts'
import type { BoundedMap } from './bounded-map.ts'
import type { CatalogIds } from './catalog-ids.ts'
import type { CoverFinder } from './find-cover.ts'
import { isUnchanged, openSource, type OpenedSource } from './open-source.ts'
import { makePublication, releaseIdOf, type MadeRecording } from './publication.ts'
import { describeTrack } from './track-description.ts'

export type JobDeps = {
  readonly catalog: CatalogStore
  readonly contentKeys: ContentKeyStore
  readonly objects: ObjectStore
  readonly masters: MasterStore
  readonly transcoder: Transcoder
  readonly tags: TagReader
  readonly covers: CoverFinder
  readonly ids: CatalogIds
  readonly catalogKey: CryptoKey
  readonly clock: Clock
  readonly workFolder: string
  /** The key is SHA-256 and name. */
  readonly memory: BoundedMap<JobMemory>
}

/** Results of the first stage that the second one can use. It only saves time, so it may be lost. */
export type JobMemory = { readonly probe?: Probe | undefined; readonly trackId: TrackId; readonly releaseId: ReleaseId }

export type JobContext = { readonly signal: AbortSignal; readonly onStep: (step: IngestStep) => void }

const firstRendition: RenditionName = 'aac-128'
const remainingRenditions: readonly RenditionName[] = aacRenditions.filter((name) => name !== firstRendition)

/**
 * Performs one stage of one source file. Everything is addressed by content and durable before anything refers to it, and publishing is one
 * transaction: a job that was killed at any point can be repeated. It rejects for faults (disk full, tool broken); what is wrong with the file is in the outcome.
 */
export const runIngestJob = async (deps: JobDeps, job: SourceJob, context: JobContext): Promise<JobOutcome> => {
  context.onStep('probing')
  const opened = await openSource(job, context.signal)
  if (opened.kind === 'refused') return opened
  const work = { deps, job, context, opened, recordingId: deps.ids.recording(opened.sha256) }
  const outcome = await (job.stage === 'playable' ? makePlayable(work) : makeComplete(work))
  return outcome.kind === 'refused' ? { ...outcome, sha256: opened.sha256 } : outcome
}

type Opened = Exclude<OpenedSource, Refused>
type Work = {
  readonly deps: JobDeps
  readonly job: SourceJob
  readonly context: JobContext
  readonly opened: Opened
  readonly recordingId: RecordingId
}

const makePlayable = async (work: Work): Promise<JobOutcome> => {
  const { deps, job, context, opened, recordingId } = work
  const tags = await deps.tags.read(job.path, context.signal)
  const description = describeTrack(tags, job.name)
  const published = await deps.catalog.recording(recordingId, 'listeners')
  // What is published but lost on the disk is made again: with the same keys, so with the same ids.
  const isWhole = published !== undefined && (await hasAllObjects(deps.objects, published, context.signal))
  const known = isWhole ? published : undefined
  const probed = known === undefined ? await probeSource(work) : undefined
  if (probed?.kind === 'refused') return probed
  const made = known ?? (await makeRecording(work, probed?.probe))
  if ('kind' in made) return made
  const cover = await deps.covers.coverOf({ path: job.path, picture: tags?.picture }, context.signal)
  context.onStep('publishing')
  const existing = await deps.catalog.release(releaseIdOf(deps.ids, description), 'listeners')
  const publication = makePublication({
    ids: deps.ids,
    description,
    recording: made,
    cover,
    isPublic: job.isPublic,
    existing,
  })
  context.signal.throwIfAborted()
  await deps.catalog.publish(publication, deps.clock.now())
  deps.memory.set(memoryKey(work), {
    probe: probed?.probe,
    trackId: publication.track.id,
    releaseId: publication.release.id,
  })
  return { kind: 'done', sha256: opened.sha256, recordingId, trackId: publication.track.id }
}

const memoryKey = ({ opened, job }: Work): string => `${opened.sha256} ${job.name}`

const makeRecording = async (work: Work, probe: Probe | undefined): Promise<MadeRecording | Refused> => {
  if (probe === undefined) throw new Error('a recording that is not known was not probed')
  return withWorkFolder(work, async (workFolder) => {
    const made = await transcode(work, { probe, renditions: [firstRendition], isAnalysed: true, workFolder })
    if (made.kind === 'refused') return made
    if (made.analysis === undefined) throw new Error('the transcoder returned no analysis')
    const { loudness, waveform } = made.analysis
    const contentKey = await work.deps.contentKeys.currentOrNew(work.recordingId)
    work.context.onStep('sealing')
    const heads = await sealRecording(
      work.deps,
      { recordingId: work.recordingId, contentKey, loudness, renditions: made.renditions },
      work.context.signal,
    )
    return {
      id: work.recordingId,
      keyVersion: contentKey.version,
      heads,
      loudness,
      waveform: await work.deps.objects.put(new Uint8Array(waveform), work.context.signal),
    }
  })
}

const makeComplete = async (work: Work): Promise<JobOutcome> => {
  const published = await work.deps.catalog.recording(work.recordingId, 'listeners')
  // The track was withdrawn or the file changed: start again with the first stage.
  if (published === undefined) return makePlayable(work)
  const remembered = work.deps.memory.get(memoryKey(work))
  const probed =
    remembered?.probe === undefined ? await probeSource(work) : { kind: 'probed' as const, probe: remembered.probe }
  if (probed.kind === 'refused') return probed
  const refused = await completeRenditions(work, published, probed.probe)
  if (refused !== undefined) return refused
  await storeMaster(work)
  return publishAlbum(work)
}

const completeRenditions = async (
  work: Work,
  published: PublishedRecording,
  probe: Probe,
): Promise<Refused | undefined> => {
  const { deps, context, recordingId } = work
  const existing = renditionsIn(published.heads)
  const renditions = [...remainingRenditions, ...(probe.isLossless ? renditionsOf('flac') : [])].filter(
    (name) => !existing.includes(name),
  )
  if (renditions.length === 0) return undefined
  return withWorkFolder(work, async (workFolder) => {
    const made = await transcode(work, { probe, renditions, isAnalysed: false, workFolder })
    if (made.kind === 'refused') return made
    const contentKey = await deps.contentKeys.get(recordingId, published.keyVersion)
    if (contentKey === undefined) throw new Error('the content key of a published recording is gone')
    context.onStep('sealing')
    const heads: Heads = await sealRecording(
      deps,
      {
        recordingId,
        contentKey,
        loudness: published.loudness,
        renditions: made.renditions,
        published: published.heads,
      },
      context.signal,
    )
    context.onStep('publishing')
    await deps.catalog.setHeads(recordingId, heads, deps.clock.now())
    return undefined
  })
}

/** By now all tracks of the release are playable, so the album loudness can be set. The track id is needed for the outcome. */
const publishAlbum = async (work: Work): Promise<JobOutcome> => {
  const { deps, opened, recordingId } = work
  const { releaseId, trackId } = deps.memory.get(memoryKey(work)) ?? (await catalogIdsOf(work))
  const loudness = albumLoudness(await deps.catalog.recordingsOf(releaseId))
  if (loudness !== undefined) await deps.catalog.setAlbumLoudness(releaseId, loudness, deps.clock.now())
  return { kind: 'done', sha256: opened.sha256, recordingId, trackId }
}

const catalogIdsOf = async ({
  deps,
  context,
  job,
  recordingId,
}: Work): Promise<Pick<JobMemory, 'releaseId' | 'trackId'>> => {
  const description = describeTrack(await deps.tags.read(job.path, context.signal), job.name)
  const releaseId = releaseIdOf(deps.ids, description)
  return {
    releaseId,
    trackId: deps.ids.track({ releaseId, disc: description.disc, position: description.position, recordingId }),
  }
}

const storeMaster = async ({ deps, job, context, opened, recordingId }: Work): Promise<void> => {
  if (await hasMaster(deps, recordingId, context.signal)) return
  const masterId = deps.ids.master(opened.sha256)
  const contentKey = await deps.contentKeys.currentOrNew(masterId)
  const list = await sealMaster(
    { objects: deps.objects, masterId, contentKey },
    { path: job.path, sha256: opened.sha256 },
    context.signal,
  )
  if (await isUnchanged(job.path, opened)) await deps.masters.put(recordingId, encodeMasterList(list))
}

const probeSource = ({ deps, job, opened, context }: Work): ReturnType<Transcoder['probe']> =>
  deps.transcoder.probe({ path: job.path, format: opened.format }, context.signal)

type Encoding = {
  readonly probe: Probe
  readonly renditions: readonly RenditionName[]
  readonly isAnalysed: boolean
  readonly workFolder: string
}

const transcode = async ({ deps, job, opened, context }: Work, encoding: Encoding): Promise<Transcoded | Refused> => {
  context.onStep('encoding')
  const made = await deps.transcoder.transcode({ path: job.path, format: opened.format, ...encoding }, context.signal)
  if (await isUnchanged(job.path, opened)) return made
  return {
    kind: 'refused',
    code: 'unreadable',
    detail: 'The file changed while it was read. The next scan will add it again.',
  }
}

const withWorkFolder = async <T>({ deps }: Work, use: (workFolder: string) => Promise<T>): Promise<T> => {
  const workFolder = await mkdtemp(join(deps.workFolder, 'job-'))
  try {
    return await use(workFolder)
  } finally {
    await rm(workFolder, { recursive: true, force: true })
  }
}
