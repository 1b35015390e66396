import { stat } from 'node:fs/promises'
import { ProblemError } from '@tonestead/protocol/problem'
import type {
  EncodedRendition,
  Refused,
  SourceFormat,
  Transcoded,
  Transcoder,
  TranscodeRequest,
} from '../../ports/transcoder.ts'
import { detectProcessSandbox, type ProcessLimits, type ProcessSandbox } from '../process/process-sandbox.ts'
import { runProcess, type ProcessResult } from '../process/run-process.ts'
import {
  aacRateHz,
  maxAacSamples,
  planEncoding,
  waveformSteps,
  type EncodePlan,
  type PlannedOutput,
} from './encode-plan.ts'
import { encodedPath, openEncoded, removeEncoded } from './encoded-rendition.ts'
import { readFfprobe } from './ffprobe-report.ts'
import type { FoundFfmpeg } from './find-ffmpeg.ts'
import { checkDecoding } from './check-decoding.ts'
import { readLoudnessSummary } from './loudness-summary.ts'
import { createPcmMeter, type PcmMeter } from './pcm-meter.ts'
import { allowedDecoders } from './allowed-decoders.ts'

type Tools = Extract<FoundFfmpeg, { kind: 'found' }>
type Deps = Tools & { readonly sandbox: ProcessSandbox }

/** The command line tools under limits. One process a job: it decodes once and writes every output. */
export const createFfmpegTranscoder = async (tools: Tools): Promise<Transcoder> => {
  const deps = { ...tools, sandbox: await detectProcessSandbox() }
  return {
    name: `ffmpeg ${tools.version}`,
    limits: deps.sandbox.description,
    probe: (file, signal) => probe(deps, file, signal),
    transcode: (request, signal) => transcode(deps, request, signal),
  }
}

const addressSpaceBytes = 1024 * 1024 * 1024
const maxFileBytes = 16 * 1024 * 1024 * 1024

/** Set in front of the input: nothing but this demuxer and this file. */
const inputArguments = (format: SourceFormat, path: string): string[] => [
  ...[
    '-max_alloc',
    '268435456',
    '-protocol_whitelist',
    'file,pipe',
    '-format_whitelist',
    format,
    '-f',
    format,
    '-i',
    `file:${path}`,
  ],
]

/** ffprobe gives up on a file whose cover has a decoder off the list, so it gets none: it decodes nothing that `max_pixels` does not bound. */
const probe = async (
  deps: Deps,
  file: { path: string; format: SourceFormat },
  signal: AbortSignal,
): ReturnType<Transcoder['probe']> => {
  const json: Uint8Array[] = []
  const entries =
    'format=duration:stream=codec_name,codec_type,sample_rate,channels,sample_fmt,bits_per_sample,bits_per_raw_sample,duration'
  const end = await runProcess({
    command: deps.ffprobe,
    args: [
      '-hide_banner',
      '-v',
      'level+warning',
      '-select_streams',
      'a:0',
      '-show_entries',
      entries,
      '-of',
      'json',
      '-max_pixels',
      '25000000',
      ...inputArguments(file.format, file.path),
    ],
    limits: { cpuSeconds: 30, addressSpaceBytes, fileBytes: 0, wallMs: 60_000 },
    sandbox: deps.sandbox,
    signal,
    onOutput: (bytes) => json.push(bytes) < 1000,
  })
  return (
    overLimits(end) ??
    readFfprobe({ json: Buffer.concat(json).toString('utf8'), lines: end.lines, isFailed: end.code !== 0 })
  )
}

const transcode = async (deps: Deps, request: TranscodeRequest, signal: AbortSignal): Promise<Transcoded | Refused> => {
  const plan = planEncoding(request, '0:a:0')
  const meter = createPcmMeter()
  const end = await runProcess({
    command: deps.ffmpeg,
    args: encodeArguments(request, plan),
    limits: await encodeLimits(request),
    sandbox: deps.sandbox,
    signal,
    onOutput: (bytes) => {
      meter.write(bytes)
      return meter.samples() <= maxAacSamples
    },
  })
  if (end.lines.some((line) => line.includes('No space left on device'))) throw new ProblemError('storage-full')
  const stopped = stoppedBy(end)
  const renditions = stopped === undefined && end.code !== undefined ? await openAll(request, plan) : []
  const decodedMs = meter.samples() > 0 ? (meter.samples() * 1000) / aacRateHz : longestMs(renditions)
  const refused = stopped ?? judge({ request, end, decodedMs, isComplete: renditions.length > 0 })
  if (refused === undefined) return finished({ request, renditions, end, meter })
  await removeEncoded(request.workFolder, filesOf(plan))
  return refused
}

/** Nothing when the tool gave up before it wrote its tables. */
const openAll = async (request: TranscodeRequest, plan: EncodePlan): Promise<readonly EncodedRendition[]> => {
  try {
    return await Promise.all(filesOf(plan).map((output) => openEncoded(request.workFolder, output)))
  } catch {
    return []
  }
}

const longestMs = (renditions: readonly EncodedRendition[]): number =>
  renditions.reduce((longest, one) => Math.max(longest, (one.totalSamples * 1000) / one.sampleRateHz), 0)

const filesOf = (plan: EncodePlan) => plan.outputs.filter((output) => output.kind !== 'pcm')

const encodeArguments = (request: TranscodeRequest, plan: EncodePlan): string[] => [
  ...[
    '-nostdin',
    '-hide_banner',
    '-nostats',
    '-v',
    'level+info',
    '-threads',
    '1',
    '-vn',
    '-sn',
    '-dn',
    '-codec_whitelist',
    allowedDecoders.join(','),
  ],
  ...inputArguments(request.format, request.path),
  ...['-filter_complex', plan.graph],
  ...plan.outputs.flatMap((output) => [
    '-map',
    `[${output.pad}]`,
    '-map_metadata',
    '-1',
    '-threads',
    '1',
    '-fflags',
    '+bitexact',
    ...outputArguments(output, request.workFolder),
  ]),
]

const outputArguments = (output: PlannedOutput, workFolder: string): string[] => {
  switch (output.kind) {
    case 'aac':
      return [
        '-c:a',
        'aac',
        '-aac_coder',
        'fast',
        '-b:a',
        String(output.bitrateBps),
        '-flags:a',
        '+bitexact',
        '-f',
        'mp4',
        '-y',
        `file:${encodedPath(workFolder, output.name)}`,
      ]
    case 'flac':
      return [
        ...['-c:a', 'flac', '-frame_size', '4096', '-flags:a', '+bitexact', '-strict', '-2'],
        ...(output.isDeep ? ['-bits_per_raw_sample', '24'] : []),
        '-f',
        'mp4',
        '-y',
        `file:${encodedPath(workFolder, output.name)}`,
      ]
    case 'pcm':
      return ['-c:a', 'pcm_s16le', '-f', 's16le', 'pipe:1']
  }
}

/** A tenth of the playing time is some five times what an honest file needs; a file that declares nothing is judged by its size at 32 kbit/s. */
const encodeLimits = async (request: TranscodeRequest): Promise<ProcessLimits> => {
  const { size } = await stat(request.path)
  const seconds = (request.probe.declaredDurationMs ?? size / 4) / 1000
  const cpuSeconds = Math.ceil(50 + Math.min(seconds, 43_200) / 5)
  return { cpuSeconds, addressSpaceBytes, fileBytes: maxFileBytes, wallMs: cpuSeconds * 6000 }
}

const overLimits = (end: ProcessResult): Refused | undefined => {
  if (end.isOverWallTime || end.signal === 'SIGXCPU' || end.signal === 'SIGXFSZ')
    return {
      kind: 'refused',
      code: 'too-expensive',
      detail: 'Decoding took longer, or wrote more, than a file of this length may.',
    }
  if (end.lines.some((line) => line.includes('Cannot allocate memory')))
    return { kind: 'refused', code: 'too-expensive', detail: 'Decoding asked for more memory than is allowed.' }
  return undefined
}

/** Ended by a signal, but for our own stop when twelve hours have been counted. */
const stoppedBy = (end: ProcessResult): Refused | undefined => {
  if (end.isStopped) return { kind: 'refused', code: 'too-long', detail: 'More than twelve hours were decoded.' }
  if (end.signal === undefined) return overLimits(end)
  return (
    overLimits(end) ?? {
      kind: 'refused',
      code: end.signal === 'SIGKILL' ? 'too-expensive' : 'damaged',
      detail: 'The decoder had to be stopped.',
    }
  )
}

/** Exit code by which ffmpeg says that more than two thirds of the frames did not decode. */
const mostlyErrors = 69

type Judging = {
  readonly request: TranscodeRequest
  readonly end: ProcessResult
  readonly decodedMs: number
  readonly isComplete: boolean
}

const judge = ({ request, end, decodedMs, isComplete }: Judging): Refused | undefined => {
  const judged = checkDecoding({
    decodedMs,
    declaredMs: request.probe.declaredDurationMs,
    decodeErrors: end.errorLines,
    isMostlyErrors: end.code === mostlyErrors,
  })
  if (judged !== undefined) return judged
  return end.code === 0 && isComplete
    ? undefined
    : { kind: 'refused', code: 'damaged', detail: 'The decoder gave up in the middle of the file.' }
}

type Finished = {
  readonly request: TranscodeRequest
  readonly renditions: readonly EncodedRendition[]
  readonly end: ProcessResult
  readonly meter: PcmMeter
}

const finished = ({ request, renditions, end, meter }: Finished): Transcoded | Refused => {
  if (!request.isAnalysed) return { kind: 'transcoded', renditions, analysis: undefined, decodeErrors: end.errorLines }
  const loudness = readLoudnessSummary(end.lines)
  if (loudness === undefined) throw new Error('the loudness filter printed no summary')
  // The filter graph was set up anew in mid-file, and timestamps began again.
  if (renditions.some((one) => one.name !== 'flac' && one.totalSamples !== meter.samples()))
    return { kind: 'refused', code: 'damaged', detail: 'The audio changes its sample rate or channels in the middle.' }
  return {
    kind: 'transcoded',
    renditions,
    analysis: { loudness, waveform: meter.waveform(waveformSteps) },
    decodeErrors: end.errorLines,
  }
}
