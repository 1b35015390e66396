import { mkdtemp, rm, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import type { RecordingId } from '@tonestead/crdt/ids'
import { decodeManifestHead, durationMsOf } from '@tonestead/protocol/manifest'
import { aacRenditions, renditionsOf, type RenditionName } from '@tonestead/protocol/rendition'
import type { IngestStep } from '@tonestead/protocol/ingest'
import { hasAllObjects, hasMaster } from '../encoding/recording-objects.ts'
import { encodeMasterList, sealMaster } from '../encoding/seal-master.ts'
import { renditionsIn, sealRecording, type Heads } from '../encoding/seal-recording.ts'
import type { CatalogStore, PublishedRecording } from '../ports/catalog-store.ts'
import type { Clock } from '../ports/clock.ts'
import type { ContentKeyStore } from '../ports/content-key-store.ts'
import type { OpenFilePath } from '../ports/open-file-path.ts'
import type { MasterStore } from '../ports/master-store.ts'
import type { ObjectStore } from '../ports/object-store.ts'
import type { JobOutcome, SourceJob } from '../ports/source-store.ts'
import type { SourceFile } from '../ports/source-file.ts'
import type { TagReader } from '../ports/tag-reader.ts'
import type { Probe, Refused, Transcoded, Transcoder } from '../ports/transcoder.ts'
import type { BoundedMap } from './bounded-map.ts'
import type { CatalogIds } from './catalog-ids.ts'
import type { CoverFinder } from './find-cover.ts'
import { changedWhileRead, openSource, type OpenedSource } from './open-source.ts'
import { withMasterFile } from './master-file.ts'
import { releaseIdOf } from './release-id.ts'
import { describeTrack } from './track-description.ts'

export type JobDeps = {
  readonly catalog: Pick<CatalogStore, 'madeRecording' | 'setHeads'>
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
  readonly openFilePath: OpenFilePath
  /** The key is SHA-256 and name. */
  readonly memory: BoundedMap<JobMemory>
}

/** Results of the first stage that the second one can use. It only saves time, so it may be lost. */
export type JobMemory = { readonly probe: Probe }

export type JobContext = { readonly signal: AbortSignal; readonly onStep: (step: IngestStep) => void }

const firstRendition: RenditionName = 'aac-128'
const remainingRenditions: readonly RenditionName[] = aacRenditions.filter((name) => name !== firstRendition)

/**
 * Performs one stage of one source file and returns what was learned of it; the source store publishes that. Everything is addressed by content and
 * durable before anything refers to it: a job that was killed at any point can be repeated. It rejects for faults (disk full, tool broken); what is wrong with the file is in the outcome.
 */
export const runIngestJob = async (deps: JobDeps, job: SourceJob, context: JobContext): Promise<JobOutcome> => {
  context.onStep('probing')
  const opened = await openSource(job, deps.openFilePath, context.signal)
  if (opened.kind === 'refused') return (await repairFromMaster({ deps, job, context }, opened)) ?? opened
  // Tools read this open file: its name may lead to another one for a moment.
  await using file = opened.file
  const work = { deps, job, context, opened, file, recordingId: deps.ids.recording(opened.sha256) }
  const outcome = await (job.stage === 'playable' ? makePlayable(work) : makeComplete(work))
  return outcome.kind === 'refused' ? { ...outcome, sha256: opened.sha256 } : outcome
}

type JobRun = { readonly deps: JobDeps; readonly job: SourceJob; readonly context: JobContext }

/** When the file cannot be read, as on a disk that is not connected, lost objects of its recording are made again from the sealed master. Undefined when that is not possible, or not needed. */
const repairFromMaster = async ({ deps, job, context }: JobRun, { code }: Refused): Promise<JobOutcome | undefined> => {
  if (code !== 'unreadable' || job.sha256 === undefined) return undefined
  const { signal } = context
  const recordingId = deps.ids.recording(job.sha256)
  const stored = await deps.catalog.madeRecording(recordingId)
  if (stored === undefined) return undefined
  if (job.stage === 'playable' && (await hasAllObjects(deps.objects, stored, signal))) return undefined
  return withMasterFile(deps, { recordingId, signal }, async (path) => {
    const opened = await openSource({ path, name: job.name }, deps.openFilePath, signal)
    if (opened.kind === 'refused') return opened
    await using file = opened.file
    const work = { deps, job: { ...job, path }, context, opened, file, recordingId }
    // Awaited here: the file is closed at the end of this function.
    if (job.stage === 'complete') return await makeComplete(work)
    const probed = await probeSource(work)
    if (probed.kind === 'refused') return probed
    const made = await makeRecording(work, { probe: probed.probe, isrc: stored.isrc })
    return 'kind' in made ? made : { kind: 'repaired', made }
  })
}

type Opened = Exclude<OpenedSource, Refused>
type Work = {
  readonly deps: JobDeps
  readonly job: SourceJob
  readonly context: JobContext
  readonly opened: Opened
  readonly file: FileHandle
  readonly recordingId: RecordingId
}

const makePlayable = async (work: Work): Promise<JobOutcome> => {
  const { deps, job, context, opened, recordingId } = work
  const tags = await deps.tags.read(toolFile(work), context.signal)
  const description = describeTrack(tags, job.name)
  const stored = await deps.catalog.madeRecording(recordingId)
  // A recording whose objects are lost on the disk is made again: with the same keys, so with the same ids.
  const isWhole = stored !== undefined && (await hasAllObjects(deps.objects, stored, context.signal))
  const known = isWhole ? stored : undefined
  const probed = await probeSource(work)
  if (probed.kind === 'refused') return probed
  const made = known ?? (await makeRecording(work, { probe: probed.probe, isrc: description.isrc }))
  if ('kind' in made) return made
  const cover = await deps.covers.coverOf({ path: job.path, name: job.name, picture: tags?.picture }, context.signal)
  context.onStep('publishing')
  if (!(await opened.isUnchanged())) return changedWhileRead
  deps.memory.set(memoryKey(work), { probe: probed.probe })
  const facts = {
    releaseId: releaseIdOf(deps.ids, description),
    recordingId,
    description,
    cover,
    durationMs: made.durationMs,
    isLossless: probed.probe.isLossless,
  }
  return {
    kind: 'playable',
    sha256: opened.sha256,
    facts,
    made: known === undefined ? made : undefined,
    isMadeAgain: stored !== undefined && !isWhole,
  }
}

const memoryKey = ({ opened, job }: Work): string => `${opened.sha256} ${job.name}`

const makeRecording = async (
  work: Work,
  { probe, isrc }: { readonly probe: Probe; readonly isrc: string | undefined },
): Promise<PublishedRecording | Refused> => {
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
      durationMs: durationMsOf(decodeManifestHead(heads.aac)),
      heads,
      loudness,
      isrc,
      waveform: await work.deps.objects.put(new Uint8Array(waveform), work.context.signal),
    }
  })
}

const makeComplete = async (work: Work): Promise<JobOutcome> => {
  const { deps, job, opened } = work
  const made = await deps.catalog.madeRecording(work.recordingId)
  // The file has changed since the first stage: start again with that.
  if (made === undefined || job.sha256 !== opened.sha256) return makePlayable(work)
  const remembered = deps.memory.get(memoryKey(work))
  const probed =
    remembered === undefined ? await probeSource(work) : { kind: 'probed' as const, probe: remembered.probe }
  if (probed.kind === 'refused') return probed
  const refused = await completeRenditions(work, made, probed.probe)
  if (refused !== undefined) return refused
  await storeMaster(work)
  return { kind: 'complete' }
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

const storeMaster = async ({ deps, context, opened, file, recordingId }: Work): Promise<void> => {
  if (await hasMaster(deps, recordingId, context.signal)) return
  const masterId = deps.ids.master(opened.sha256)
  const contentKey = await deps.contentKeys.currentOrNew(masterId)
  const list = await sealMaster(
    { objects: deps.objects, masterId, contentKey },
    { file, sha256: opened.sha256 },
    context.signal,
  )
  if (await opened.isUnchanged()) await deps.masters.put(recordingId, encodeMasterList(list))
}

const toolFile = ({ job, file }: Work): SourceFile => ({ path: job.path, descriptor: file.fd })

/** What a tool says of a file that has changed says nothing of either file. */
const probeSource = async (work: Work): ReturnType<Transcoder['probe']> => {
  const { deps, opened, context } = work
  const probed = await deps.transcoder.probe({ ...toolFile(work), format: opened.format }, context.signal)
  return (await opened.isUnchanged()) ? probed : changedWhileRead
}

type Encoding = {
  readonly probe: Probe
  readonly renditions: readonly RenditionName[]
  readonly isAnalysed: boolean
  readonly workFolder: string
}

const transcode = async (work: Work, encoding: Encoding): Promise<Transcoded | Refused> => {
  const { deps, opened, context } = work
  context.onStep('encoding')
  const source = { ...toolFile(work), format: opened.format }
  const made = await deps.transcoder.transcode({ ...source, ...encoding }, context.signal)
  return (await opened.isUnchanged()) ? made : changedWhileRead
}

const withWorkFolder = async <T>({ deps }: Work, use: (workFolder: string) => Promise<T>): Promise<T> => {
  const workFolder = await mkdtemp(join(deps.workFolder, 'job-'))
  try {
    return await use(workFolder)
  } finally {
    await rm(workFolder, { recursive: true, force: true })
  }
}
