import { z } from 'zod'
import type { Bytes } from '@tonestead/protocol/bytes'

// Messages between the media server and its ingest worker, besides the calls of the ports `catalog`, `sources` and `contentKeys`.

const bytes = z.custom<Bytes>((value) => value instanceof Uint8Array)
const ingestFolderSchema = z.object({ path: z.string(), isPublic: z.boolean() })
export type IngestFolder = z.infer<typeof ingestFolderSchema>

const startSchema = z.object({
  kind: z.literal('start'),
  dataFolder: z.string(),
  folders: z.array(ingestFolderSchema),
  /** Creates the demo album below `<data>/demo` and ingests it as public. */
  isDemoWanted: z.boolean(),
  /** Number of jobs at the same time. */
  workers: z.number().int().min(1).max(64),
  /** Longer recordings are refused, in hours. */
  maxHours: z.number().int().min(1).max(12),
  ffmpegPath: z.string().optional(),
  /** 'auto': the ffmpeg command line if it is good enough, else node-av. */
  tool: z.enum(['auto', 'ffmpeg', 'node-av']),
  /** 32 bytes: catalog ids are HMACs with this key. */
  idSecret: bytes,
  /** Ed25519 private key, PKCS#8: signs manifest heads. */
  signingKey: bytes,
})
export type WorkerStart = z.infer<typeof startSchema>

/** To the worker. `scan`: scan all folders again and retry refused files. `stop`: end; running jobs go back into the queue. */
export const toWorkerSchema = z.discriminatedUnion('kind', [
  startSchema,
  z.object({ kind: z.literal('scan') }),
  z.object({ kind: z.literal('stop') }),
])
export type ToWorker = z.infer<typeof toWorkerSchema>

/** From the worker. */
export const fromWorkerSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ready'), transcoder: z.string(), limits: z.string() }),
  z.object({
    kind: z.literal('scanned'),
    estimatedBytes: z.number(),
    found: z.number(),
    withdrawn: z.number(),
    /** Missing files that wait for the administrator, and files that could not be looked for. */
    held: z.number(),
    unreachable: z.number(),
    unreadable: z.array(z.string()),
  }),
  z.object({
    kind: z.literal('dropped'),
    /** Files of folders that are no longer given: their tracks were withdrawn. */
    withdrawn: z.number(),
  }),
  z.object({ kind: z.literal('fault'), message: z.string(), detail: z.string().optional() }),
])
export type FromWorker = z.infer<typeof fromWorkerSchema>
