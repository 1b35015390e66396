import { codecOf, nominalBitrateOf, type RenditionName } from '@tonestead/protocol/rendition'
import type { Probe, TranscodeRequest } from '../../ports/transcoder.ts'

// One decode feeds all outputs. Both transcoders use this filter graph and these encoder settings, so their results agree.

export const aacRateHz = 48_000
export const aacSamplesPerFrame = 1024
export const flacSamplesPerFrame = 4096
/** Samples that FFmpeg's own AAC encoder adds at the start; the contract tests verify it by correlation. */
export const nativeAacDelay = 1024
export const waveformSteps = 800
export const maxDurationMs = 12 * 3_600_000
/** The longest recording, in samples at 48 kHz. */
export const maxAacSamples = (maxDurationMs / 1000) * aacRateHz
/** Shorter files are refused. */
export const minDurationMs = 100

export type PlannedOutput =
  | { readonly kind: 'aac'; readonly name: RenditionName; readonly pad: string; readonly bitrateBps: number }
  | { readonly kind: 'flac'; readonly name: RenditionName; readonly pad: string; readonly isDeep: boolean }
  | { readonly kind: 'pcm'; readonly pad: string }

export type EncodePlan = { readonly graph: string; readonly outputs: readonly PlannedOutput[] }

/** `source` is the tool's name of the graph's input pad. */
export const planEncoding = (
  request: Pick<TranscodeRequest, 'renditions' | 'isAnalysed' | 'probe'>,
  source: string,
): EncodePlan => {
  const outputs = request.renditions.map((name) => plannedOutput(name, request.probe))
  const aac = outputs.filter((output) => output.kind === 'aac')
  const flac = outputs.filter((output) => output.kind === 'flac')
  // With analysis, the PCM output gives the number of samples and the waveform. Without it, samples are counted by what the encoders got.
  const resampled = [...aac.map((output) => output.pad), ...(request.isAnalysed ? ['pcm'] : [])]
  const branches = [
    ...(request.isAnalysed ? ['loudness'] : []),
    ...flac.map(() => 'lossless'),
    ...(resampled.length > 0 ? ['resample'] : []),
  ]
  const pads = (names: readonly string[]): string => names.map((name) => `[${name}]`).join('')
  const graph = [
    // Timestamps that jump would make the muxer stretch frames, so they are replaced by a count of samples.
    `[${source}]asetpts=N/SR/TB,asplit=${branches.length}${pads(branches)}`,
    ...(request.isAnalysed ? ['[loudness]ebur128=peak=true:framelog=verbose,anullsink'] : []),
    ...flac.map((output) => `[lossless]aformat=sample_fmts=${output.isDeep ? 's32' : 's16'}[${output.pad}]`),
    ...(resampled.length > 0
      ? [
          `[resample]aresample=${aacRateHz}:rematrix_maxval=1,aformat=channel_layouts=stereo:sample_fmts=fltp,asetpts=N/SR/TB,asplit=${resampled.length}${pads(resampled)}`,
        ]
      : []),
  ]
  return {
    graph: graph.join(';'),
    outputs: [...outputs, ...(request.isAnalysed ? [{ kind: 'pcm' as const, pad: 'pcm' }] : [])],
  }
}

const plannedOutput = (name: RenditionName, probe: Probe): PlannedOutput =>
  codecOf(name) === 'flac'
    ? { kind: 'flac', name, pad: 'flac', isDeep: probe.bitsPerSample > 16 }
    : { kind: 'aac', name, pad: name.replace('-', ''), bitrateBps: nominalBitrateOf(name) }

/** Codecs whose samples FLAC can store without loss, at up to 24 bits. */
const losslessCodec =
  /^(?:flac|alac|ape|tta|wavpack|wmalossless|mlp|truehd|shorten|pcm_(?:s8|u8|s16|u16|s24|u24)(?:le|be)?(?:_planar)?)$/

export const isLosslessSource = (
  probe: Omit<Probe, 'isLossless' | 'declaredDurationMs'> & { readonly isFloat: boolean },
): boolean =>
  losslessCodec.test(probe.codec) &&
  !probe.isFloat &&
  probe.bitsPerSample <= 24 &&
  probe.channels <= 8 &&
  probe.sampleRateHz <= 655_350
