import { z } from 'zod'
import type { Bytes } from '@tonestead/protocol/bytes'

// What the media server and its ingest worker say to one another, besides the calls of the ports `catalog`, `sources` and `contentKeys`.

const bytes = z.custom<Bytes>((value) => value instanceof Uint8Array)
const ingestFolderSchema = z.object({ path: z.string(), isPublic: z.boolean() })
export type IngestFolder = z.infer<typeof ingestFolderSchema>

const startSchema = z.object({
  kind: z.literal('start'),
  dataFolder: z.string(),
  folders: z.array(ingestFolderSchema),
  /** Makes the demo album under `<data>/demo` and takes it in as public. */
  isDemoWanted: z.boolean(),
  /** Jobs at once. */
  workers: z.number().int().min(1).max(64),
  ffmpegPath: z.string().optional(),
  /** 'auto': the command line tools if they suffice, else the bundled node-av. */
  tool: z.enum(['auto', 'ffmpeg', 'node-av']),
  /** 32 bytes: catalog ids are HMACs under it. */
  idSecret: bytes,
  /** Ed25519 private key, PKCS#8: signs manifest heads. */
  signingKey: bytes,
})
export type WorkerStart = z.infer<typeof startSchema>

/** To the worker. `scan`: look through all folders again and try refused files anew. `stop`: end; jobs at work are given back. */
export const toWorkerSchema = z.discriminatedUnion('kind', [
  startSchema,
  z.object({ kind: z.literal('scan') }),
  z.object({ kind: z.literal('stop') }),
])
export type ToWorker = z.infer<typeof toWorkerSchema>

/** From the worker. `changed` comes at most four times a second. */
export const fromWorkerSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ready'), transcoder: z.string(), limits: z.string() }),
  z.object({
    kind: z.literal('scanned'),
    estimatedBytes: z.number(),
    found: z.number(),
    withdrawn: z.number(),
    unreadable: z.array(z.string()),
  }),
  z.object({ kind: z.literal('changed') }),
  z.object({ kind: z.literal('fault'), message: z.string(), detail: z.string().optional() }),
])
export type FromWorker = z.infer<typeof fromWorkerSchema>
