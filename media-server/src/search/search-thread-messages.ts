import { MessagePort } from 'node:worker_threads'
import { z } from 'zod'

// Between the media server and its search thread, beside the calls of ports.

const indexStateSchema = z.object({
  /** By kind. */
  documents: z.object({ track: z.number(), release: z.number(), artist: z.number() }),
  /** Came after the last build. */
  pending: z.number(),
  /** What of the catalog's change feed is in the index. */
  sequence: z.number(),
  /** A new one is being built. */
  isBuilding: z.boolean(),
})
export type IndexState = z.infer<typeof indexStateSchema>

export const fromSearchThreadSchema = z.discriminatedUnion('kind', [
  /** The first one says that searches are answered. */
  z.object({ kind: z.literal('state'), state: indexStateSchema }),
  /** A new index lies in its file; a thread that begins now opens it. */
  z.object({ kind: z.literal('built') }),
  /** One more channel to the catalog is wanted, for a build. */
  z.object({ kind: z.literal('channel-wanted') }),
  z.object({ kind: z.literal('fault'), message: z.string(), detail: z.string() }),
])
export type FromSearchThread = z.infer<typeof fromSearchThreadSchema>

export const toSearchThreadSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('stop') }),
  z.object({ kind: z.literal('channel'), catalog: z.instanceof(MessagePort) }),
])
export type ToSearchThread = z.infer<typeof toSearchThreadSchema>

/** `catalog` speaks the port `search`. */
export const searchThreadStartSchema = z.object({
  folder: z.string(),
  isKeptTrusted: z.boolean(),
  isSuccessor: z.boolean(),
  catalog: z.instanceof(MessagePort),
})
export type SearchThreadStart = z.infer<typeof searchThreadStartSchema>
