import { codecOf, nominalBitrateOf, type RenditionName } from '@tonestead/protocol/rendition'
import type { Probe, TranscodeRequest } from '../../ports/transcoder.ts'

// One decode feeds every output. Both transcoders draw their filter graph and encoder settings from here, so their results agree by construction.

export const aacRateHz = 48_000
export const aacSamplesPerFrame = 1024
export const flacSamplesPerFrame = 4096
/** Samples that FFmpeg's own AAC encoder puts in front; the contract suite proves it by correlation. */
export const nativeAacDelay = 1024
export const waveformSteps = 800
export const maxDurationMs = 12 * 3_600_000
/** The longest recording as counted at 48 kHz. */
export const maxAacSamples = (maxDurationMs / 1000) * aacRateHz
/** Less than this is no recording. */
export const minDurationMs = 100

export type PlannedOutput =
  | { readonly kind: 'aac'; readonly name: RenditionName; readonly pad: string; readonly bitrateBps: number }
  | { readonly kind: 'flac'; readonly name: RenditionName; readonly pad: string; readonly isDeep: boolean }
  | { readonly kind: 'pcm'; readonly pad: string }

export type EncodePlan = { readonly graph: string; readonly outputs: readonly PlannedOutput[] }

/** `source` is the graph's input pad, as the tool names it. */
export const planEncoding = (
  request: Pick<TranscodeRequest, 'renditions' | 'isAnalysed' | 'probe'>,
  source: string,
): EncodePlan => {
  const outputs = request.renditions.map((name) => plannedOutput(name, request.probe))
  const aac = outputs.filter((output) => output.kind === 'aac')
  const flac = outputs.filter((output) => output.kind === 'flac')
  // Samples are counted as they stream past, and the waveform is drawn of them; later renditions are counted by what the encoders were fed.
  const resampled = [...aac.map((output) => output.pad), ...(request.isAnalysed ? ['pcm'] : [])]
  const branches = [
    ...(request.isAnalysed ? ['loudness'] : []),
    ...flac.map(() => 'lossless'),
    ...(resampled.length > 0 ? ['resample'] : []),
  ]
  const pads = (names: readonly string[]): string => names.map((name) => `[${name}]`).join('')
  const graph = [
    // Timestamps that jump would make the muxer stretch frames: samples are counted instead.
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

/** Codecs that give back the very samples that went in, as far as FLAC at 24 bits can keep them. */
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
