import { avGetSampleFmtName } from 'node-av/lib'
import { collectLog, openDecoder, openInput } from './node-av-input.ts'
import type { NodeAvProbe } from './node-av-messages.ts'

const microsecondsPerMs = 1000

/** Undefined when the file cannot be opened with this demuxer. */
export const probeWithNodeAv = async (file: { path: string; format: string }): Promise<NodeAvProbe | undefined> => {
  const log = collectLog()
  const input = openInput(file)
  if (input === undefined) return undefined
  const noStream = {
    hasStream: false,
    sampleRateHz: 0,
    channels: 0,
    bitsPerSample: 0,
    isFloat: false,
    durationMs: 0,
    isEstimated: false,
  }
  if (input.stream === undefined) return noStream
  const parameters = input.stream.codecpar
  const opened = openDecoder(input.stream)
  await log.settled()
  const sampleFormat = opened === undefined ? '' : (avGetSampleFmtName(opened.decoder.sampleFormat) ?? '')
  const coded = parameters.bitsPerRawSample > 0 ? parameters.bitsPerRawSample : parameters.bitsPerCodedSample
  return {
    hasStream: true,
    codec: opened?.name,
    sampleRateHz: parameters.sampleRate,
    channels: parameters.channelLayout.nbChannels,
    bitsPerSample: coded > 0 ? coded : sampleFormat.startsWith('s32') ? 24 : 16,
    isFloat: /^(?:flt|dbl)/.test(sampleFormat),
    durationMs: Math.max(0, Number(input.context.duration) / microsecondsPerMs),
    isEstimated: log.lines().some((line) => line.includes('Estimating duration from bitrate')),
  }
}
