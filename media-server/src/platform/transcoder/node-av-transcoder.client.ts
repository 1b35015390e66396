import { open, rm, stat } from 'node:fs/promises'
import { ProblemError } from '@tonestead/protocol/problem'
import type { Refused, SourceFormat, Transcoded, Transcoder, TranscodeRequest } from '../../ports/transcoder.ts'
import { maxAacSamples, nativeAacDelay, planEncoding, type PlannedOutput } from './encode-plan.ts'
import { describeEncoded, type MadeOutput } from './encoded-rendition.ts'
import { checkDecoding } from './check-decoding.ts'
import { checkProbe } from './check-probe.ts'
import { readLoudnessSummary } from './loudness-summary.ts'
import { framesPath, nodeAvEncodedSchema, nodeAvProbeSchema, type NodeAvEncoded } from './node-av-messages.ts'
import type { SourceFile } from '../../ports/source-file.ts'
import { inheritedPath } from '../process/open-files.ts'
import { createTaskProcess, type TaskResult, type TaskLimits } from '../process/task-process.ts'

const memoryBytes = 512 * 1024 * 1024
const program = new URL('./node-av-transcoder.main.ts', import.meta.url)

/** Whether the optional package is installed for this machine. */
export const hasNodeAv = (): boolean => {
  try {
    import.meta.resolve('node-av')
    return true
  } catch {
    // Expected: the package is optional.
    return false
  }
}

/** Uses the FFmpeg libraries of node-av. Each file gets a child process of its own, which is killed afterwards. */
export const createNodeAvTranscoder = (): Transcoder => ({
  name: 'node-av (bundled FFmpeg)',
  limits: 'memory and wall time watched; no CPU limit, network not cut off (protocol whitelist only)',
  probe,
  transcode,
})

/** `file` is handed to the child as its descriptor 4, where there is a path for that. */
const runOnce = async (
  { file, ...task }: { readonly file: SourceFile } & Readonly<Record<string, unknown>>,
  limits: TaskLimits,
  signal: AbortSignal,
): Promise<TaskResult> => {
  const openPath = file.descriptor === undefined ? undefined : inheritedPath(4)
  const child = createTaskProcess(program, openPath === undefined ? undefined : file.descriptor)
  try {
    return await child.run({ ...task, path: openPath ?? file.path }, limits, signal)
  } finally {
    child.stop()
  }
}

const refused = (code: Refused['code'], detail?: string): Refused => ({ kind: 'refused', code, detail })

const overLimit = (end: TaskResult): Refused | undefined => {
  if (end.kind === 'over-limit')
    return refused(
      'too-expensive',
      end.what === 'time'
        ? 'Decoding took longer than a file of this length may.'
        : 'Decoding needs more memory than is allowed.',
    )
  if (end.kind === 'crashed') return refused('damaged', 'The decoder crashed.')
  return undefined
}

const probe = async (
  file: SourceFile & { readonly format: SourceFormat },
  signal: AbortSignal,
): ReturnType<Transcoder['probe']> => {
  const end = await runOnce({ kind: 'probe', file, format: file.format }, { wallMs: 60_000, memoryBytes }, signal)
  const over = overLimit(end)
  if (over !== undefined) return over
  const parsed = nodeAvProbeSchema.safeParse(end.kind === 'done' ? end.value : undefined)
  return parsed.success
    ? checkProbe({ ...parsed.data, codec: codecName(parsed.data.codec) })
    : refused('damaged', 'The file begins like audio, but cannot be opened.')
}

/** The codec's name, for decoders with a different name. */
const codecName = (decoder: string | undefined): string | undefined => decoder?.replace(/float$|_fixed$/, '')

const transcode = async (request: TranscodeRequest, signal: AbortSignal): Promise<Transcoded | Refused> => {
  const plan = planEncoding(request, 'in')
  const task = {
    kind: 'encode',
    file: request,
    format: request.format,
    graph: plan.graph,
    outputs: plan.outputs,
    workFolder: request.workFolder,
    maxSamples: maxAacSamples,
  }
  const end = await runOnce(task, await encodeLimits(request), signal)
  const made = plan.outputs.filter((output) => output.kind !== 'pcm')
  const outcome = outcomeOf(request, end, made)
  if (outcome.kind === 'refused')
    await Promise.all(made.map((output) => rm(framesPath(request.workFolder, output.name), { force: true })))
  return outcome
}

/** node-av is half as fast as the command line, so it gets twice the time. */
const encodeLimits = async (request: TranscodeRequest): Promise<TaskLimits> => {
  const { size } = await stat(request.path)
  const seconds = Math.min((request.probe.declaredDurationMs ?? size / 4) / 1000, 43_200)
  return { wallMs: (60 + seconds / 2) * 6000, memoryBytes }
}

const outcomeOf = (request: TranscodeRequest, end: TaskResult, made: readonly MadeOutput[]): Transcoded | Refused => {
  const over = overLimit(end)
  if (over !== undefined) return over
  if (end.kind === 'failed' && end.message.includes('ENOSPC')) throw new ProblemError('storage-full')
  const parsed = nodeAvEncodedSchema.safeParse(end.kind === 'done' ? end.value : undefined)
  if (!parsed.success) return refused('damaged', 'The decoder could not decode the file.')
  const encoded = parsed.data
  const decodeErrors = Math.max(encoded.failedPackets, encoded.errorLines)
  const isMostlyErrors = encoded.failedPackets * 3 > encoded.packets * 2
  const refusal = checkDecoding({
    decodedMs: longestMs(encoded),
    declaredMs: request.probe.declaredDurationMs,
    decodeErrors,
    isMostlyErrors,
  })
  return refusal ?? finished(request, encoded, made)
}

const longestMs = (encoded: NodeAvEncoded): number =>
  encoded.tracks.reduce((longest, track) => Math.max(longest, (track.samples * 1000) / track.sampleRateHz), 0)

const finished = (request: TranscodeRequest, encoded: NodeAvEncoded, made: readonly MadeOutput[]): Transcoded => {
  const loudness = request.isAnalysed ? readLoudnessSummary(encoded.lines) : undefined
  if (request.isAnalysed && loudness === undefined) throw new Error('the loudness filter printed no summary')
  return {
    kind: 'transcoded',
    renditions: made.map((output) => openFrames(request.workFolder, encoded, output)),
    analysis: loudness === undefined ? undefined : { loudness, waveform: encoded.waveform },
    decodeErrors: Math.max(encoded.failedPackets, encoded.errorLines),
  }
}

const openFrames = (workFolder: string, encoded: NodeAvEncoded, output: Exclude<PlannedOutput, { kind: 'pcm' }>) => {
  const track = encoded.tracks.find((one) => one.name === output.name)
  if (track === undefined) throw new Error(`${output.name} was not made`)
  const offsets = new Float64Array(track.frameSizes.length + 1)
  track.frameSizes.forEach((size, index) => {
    offsets[index + 1] = (offsets[index] ?? 0) + size
  })
  const readFrames = async (from: number, to: number): Promise<readonly Uint8Array[]> => {
    await using file = await open(framesPath(workFolder, output.name), 'r')
    const start = offsets[from] ?? 0
    const bytes = new Uint8Array((offsets[to] ?? 0) - start)
    await file.read(bytes, 0, bytes.length, start)
    return Array.from({ length: to - from }, (_, index) =>
      bytes.subarray((offsets[from + index] ?? 0) - start, (offsets[from + index + 1] ?? 0) - start),
    )
  }
  return describeEncoded(output, {
    ...track,
    readFrames,
    durationSamples: track.samples + (output.kind === 'aac' ? nativeAacDelay : 0),
  })
}
