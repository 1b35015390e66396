import { MessagePort } from 'node:worker_threads'
import { z } from 'zod'

// Messages between the media server and its search thread, besides the calls of ports.

const indexStateSchema = z.object({
  /** Number of documents by kind. */
  documents: z.object({ track: z.number(), release: z.number(), artist: z.number() }),
  /** Changes since the last build. */
  pending: z.number(),
  /** The newest entry of the change feed that the index contains. */
  sequence: z.number(),
  /** A new index is being built. */
  isBuilding: z.boolean(),
})
export type IndexState = z.infer<typeof indexStateSchema>

export const fromSearchThreadSchema = z.discriminatedUnion('kind', [
  /** The first one means: searches are answered from now on. */
  z.object({ kind: z.literal('state'), state: indexStateSchema }),
  /** A new index file was written; a thread that starts now opens it. */
  z.object({ kind: z.literal('built') }),
  /** The thread needs another channel to the catalog, for a build. */
  z.object({ kind: z.literal('channel-request') }),
  z.object({ kind: z.literal('fault'), message: z.string(), detail: z.string() }),
])
export type FromSearchThread = z.infer<typeof fromSearchThreadSchema>

export const toSearchThreadSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('stop') }),
  z.object({ kind: z.literal('channel'), catalog: z.instanceof(MessagePort) }),
])
export type ToSearchThread = z.infer<typeof toSearchThreadSchema>

/** The thread's `workerData`. `catalog` is a channel to the port `search`. */
export const searchThreadStartSchema = z.object({
  dataFolder: z.string(),
  isStoredIndexTrusted: z.boolean(),
  isSuccessor: z.boolean(),
  catalog: z.instanceof(MessagePort),
})
export type SearchThreadStart = z.infer<typeof searchThreadStartSchema>
