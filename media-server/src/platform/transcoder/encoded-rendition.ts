import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { readUint } from '@tonestead/protocol/bytes'
import type { EncodedRendition } from '../../ports/transcoder.ts'
import {
  aacRateHz,
  aacSamplesPerFrame,
  flacSamplesPerFrame,
  nativeAacDelay,
  type PlannedOutput,
} from './encode-plan.ts'
import { readMp4Frames } from './mp4-frames.ts'

export type MadeOutput = Exclude<PlannedOutput, { kind: 'pcm' }>

export const encodedPath = (workFolder: string, name: string): string => join(workFolder, `${name}.mp4`)

export const removeEncoded = async (workFolder: string, outputs: readonly MadeOutput[]): Promise<void> => {
  await Promise.all(outputs.map((output) => rm(encodedPath(workFolder, output.name), { force: true })))
}

/** Opens the file that an encoder has written in the work folder. */
export const openEncoded = async (workFolder: string, output: MadeOutput): Promise<EncodedRendition> =>
  describeEncoded(output, await readMp4Frames(encodedPath(workFolder, output.name)))

/** `durationSamples`: the samples that the encoder got, plus its delay. */
export type EncodedTrack = Pick<
  EncodedRendition,
  'frameSizes' | 'readFrames' | 'sampleRateHz' | 'channels' | 'streamInfo'
> & { readonly durationSamples: number }

/** Describes a rendition for the port. Frames that contain only the encoder's flushed padding are left out. */
export const describeEncoded = (output: MadeOutput, track: EncodedTrack): EncodedRendition => {
  if (output.kind === 'flac') {
    const totalSamples = flacSampleCount(track.streamInfo)
    const description = {
      encoderDelay: 0,
      samplesPerFrame: flacSamplesPerFrame,
      sampleRateHz: track.sampleRateHz,
      channels: track.channels,
      bitsPerSample: flacBits(track.streamInfo),
    }
    return {
      name: output.name,
      ...description,
      streamInfo: track.streamInfo,
      totalSamples,
      ...framesNeeded(track, totalSamples, flacSamplesPerFrame),
    }
  }
  const totalSamples = track.durationSamples - nativeAacDelay
  const description = {
    encoderDelay: nativeAacDelay,
    samplesPerFrame: aacSamplesPerFrame,
    sampleRateHz: aacRateHz,
    channels: 2,
    bitsPerSample: 0,
    streamInfo: new Uint8Array(0),
  }
  return {
    name: output.name,
    ...description,
    totalSamples,
    ...framesNeeded(track, track.durationSamples, aacSamplesPerFrame),
  }
}

type Track = Pick<EncodedRendition, 'frameSizes' | 'readFrames'>

const framesNeeded = (track: Track, samples: number, samplesPerFrame: number): Track => {
  const needed = Math.ceil(samples / samplesPerFrame)
  if (track.frameSizes.length < needed)
    throw new Error(`the encoder made ${track.frameSizes.length} frames of ${needed}`)
  return { frameSizes: track.frameSizes.slice(0, needed), readFrames: track.readFrames }
}

/** STREAMINFO (RFC 9639, 8.2): 20 bits rate, 3 bits channels - 1, 5 bits depth - 1, 36 bits total samples, from byte 10 on. */
const flacSampleCount = (streamInfo: Uint8Array): number =>
  (readUint(streamInfo, 13, 1) & 15) * 2 ** 32 + readUint(streamInfo, 14, 4)
const flacBits = (streamInfo: Uint8Array): number =>
  (((readUint(streamInfo, 12, 1) & 1) << 4) | (readUint(streamInfo, 13, 1) >> 4)) + 1
