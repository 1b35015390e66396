import { stat } from 'node:fs/promises'
import { ProblemError } from '@tonestead/protocol/problem'
import { codecOf } from '@tonestead/protocol/rendition'
import type {
  EncodedRendition,
  Refused,
  SourceFormat,
  Transcoded,
  Transcoder,
  TranscodeRequest,
} from '../../ports/transcoder.ts'
import type { SourceFile } from '../../ports/source-file.ts'
import { inheritedPath } from '../process/open-files.ts'
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

/** Uses the command line tools in a sandbox. One process for each job decodes once and writes all outputs. */
export const createFfmpegTranscoder = async (tools: Tools): Promise<Transcoder> => {
  const deps = { ...tools, sandbox: await detectProcessSandbox() }
  return {
    name: `ffmpeg ${tools.version}`,
    limits: deps.sandbox.description,
    probe: (file, signal) => probe(deps, file, signal),
    transcode: (request, signal) => transcode(deps, request, signal),
  }
}

type FormattedFile = SourceFile & { readonly format: SourceFormat }

const addressSpaceBytes = 1024 * 1024 * 1024
const maxFileBytes = 16 * 1024 * 1024 * 1024

/** Arguments of the input: only this demuxer and this file, which the tool gets as its descriptor 3. */
const inputArguments = ({ format, path, descriptor }: FormattedFile): string[] => [
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
    `file:${(descriptor === undefined ? undefined : inheritedPath(3)) ?? path}`,
  ],
]

/** ffprobe fails for a file whose cover needs a decoder that is not on the list, so it gets no list. It decodes only pictures, which `max_pixels` limits. */
const probe = async (deps: Deps, file: FormattedFile, signal: AbortSignal): ReturnType<Transcoder['probe']> => {
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
      ...inputArguments(file),
    ],
    limits: { cpuSeconds: 30, addressSpaceBytes, fileBytes: 0, wallMs: 60_000 },
    sandbox: deps.sandbox,
    signal,
    inherited: file.descriptor,
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
    inherited: request.descriptor,
    onOutput: (bytes) => {
      meter.write(bytes)
      return meter.samples() <= maxAacSamples
    },
  })
  if (end.lines.some((line) => line.includes('No space left on device'))) throw new ProblemError('storage-full')
  const stopped = stoppedBy(end)
  const renditions = stopped === undefined && end.code !== undefined ? await openAll(request, plan) : []
  const decodedMs = meter.samples() > 0 ? (meter.samples() * 1000) / aacRateHz : longestMs(renditions)
  const refused = stopped ?? refusalOf({ request, end, decodedMs, isComplete: renditions.length > 0 })
  if (refused === undefined) return finished({ request, renditions, end, meter })
  await removeEncoded(request.workFolder, filesOf(plan))
  return refused
}

/** Empty when the tool ended before it wrote the sample tables: `refusalOf` refuses the file then. */
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
  ...inputArguments(request),
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

/** A fifth of the duration is about ten times the CPU time that an ordinary file needs. Without a declared duration it is computed from the size at 32 kbit/s. */
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
    return { kind: 'refused', code: 'too-expensive', detail: 'Decoding needs more memory than is allowed.' }
  return undefined
}

/** Why a process that was ended by a signal, or by us after twelve hours of audio, did not finish. */
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

/** ffmpeg's exit code when more than two thirds of the frames could not be decoded. */
const mostlyErrors = 69

type DecodedFile = {
  readonly request: TranscodeRequest
  readonly end: ProcessResult
  readonly decodedMs: number
  readonly isComplete: boolean
}

const refusalOf = ({ request, end, decodedMs, isComplete }: DecodedFile): Refused | undefined => {
  const refusal = checkDecoding({
    decodedMs,
    declaredMs: request.probe.declaredDurationMs,
    decodeErrors: end.errorLines,
    isMostlyErrors: end.code === mostlyErrors,
  })
  if (refusal !== undefined) return refusal
  return end.code === 0 && isComplete
    ? undefined
    : { kind: 'refused', code: 'damaged', detail: 'The decoder stopped in the middle of the file.' }
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
  // ffmpeg created a new filter graph in the middle of the file, and the timestamps started again.
  if (renditions.some((one) => codecOf(one.name) === 'aac' && one.totalSamples !== meter.samples()))
    return { kind: 'refused', code: 'damaged', detail: 'The audio changes its sample rate or channels in the middle.' }
  return {
    kind: 'transcoded',
    renditions,
    analysis: { loudness, waveform: meter.waveform(waveformSteps) },
    decodeErrors: end.errorLines,
  }
}
