import { join } from 'node:path'
import { z } from 'zod'

/** The file with the encoded frames of a rendition, one after the other. */
export const framesPath = (workFolder: string, name: string): string => join(workFolder, `${name}.frames`)

const outputSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('aac'), name: z.string(), pad: z.string(), bitrateBps: z.number() }),
  z.object({ kind: z.literal('flac'), name: z.string(), pad: z.string(), isDeep: z.boolean() }),
  z.object({ kind: z.literal('pcm'), pad: z.string() }),
])
export const nodeAvTaskSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('probe'), path: z.string(), format: z.string() }),
  z.object({
    kind: z.literal('encode'),
    path: z.string(),
    format: z.string(),
    graph: z.string(),
    outputs: z.array(outputSchema),
    workFolder: z.string(),
    maxSamples: z.number(),
  }),
])
export type NodeAvEncodeTask = Extract<z.infer<typeof nodeAvTaskSchema>, { kind: 'encode' }>

export const nodeAvProbeSchema = z.object({
  hasStream: z.boolean(),
  codec: z.string().optional(),
  sampleRateHz: z.number(),
  channels: z.number(),
  bitsPerSample: z.number(),
  isFloat: z.boolean(),
  durationMs: z.number(),
  isEstimated: z.boolean(),
})
export type NodeAvProbe = z.infer<typeof nodeAvProbeSchema>

export const nodeAvEncodedSchema = z.object({
  packets: z.number(),
  failedPackets: z.number(),
  errorLines: z.number(),
  lines: z.array(z.string()),
  waveform: z.instanceof(Uint8Array),
  tracks: z.array(
    z.object({
      name: z.string(),
      /** Samples that the encoder got. */ samples: z.number(),
      frameSizes: z.instanceof(Uint32Array),
      streamInfo: z.instanceof(Uint8Array),
      sampleRateHz: z.number(),
      channels: z.number(),
    }),
  ),
})
export type NodeAvEncoded = z.infer<typeof nodeAvEncodedSchema>
