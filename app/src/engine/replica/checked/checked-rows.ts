import { utf8, type Bytes } from '@tonestead/protocol/bytes'
import { parseChainHash, parseDocumentId, type ChainHash, type DocumentId } from '@tonestead/protocol/sync/sync-ids'
import * as z from 'zod/mini'

// How checked documents are stored: one row for the log up to a place, and one for each document.

/** Raised whenever the rules by which bodies are judged change: what was judged by other rules is judged again. */
export const judgingVersion = 1

export const logRowKey = 'log'
export const documentRowKey = (document: DocumentId): string => `document/${document}`

const count = z.int().check(z.nonnegative())

const logRow = z.object({
  version: z.literal(judgingVersion),
  seq: count,
  chain: z.pipe(z.string(), z.transform(parseChainHash)),
  voids: z.array(count),
  documents: z.array(z.pipe(z.string(), z.transform(parseDocumentId))),
})

/** The log is judged up to `seq`, which has this chain hash. `voids`: places that count for nothing. `documents`: all that have an envelope up to there. */
export type LogRow = {
  readonly version: typeof judgingVersion
  readonly seq: number
  readonly chain: ChainHash
  readonly voids: readonly number[]
  readonly documents: readonly DocumentId[]
}

const documentRow = z.object({
  name: z.string(),
  rules: z.string(),
  heads: z.array(z.string()),
  envelopes: z.array(z.object({ seq: count, hashes: z.array(z.string()) })),
})

/** `rules`: digest of what the domain prescribes for the document. `heads`: of `saved`, so that it is complete. `envelopes`: those that count, with the hashes of their changes. */
export type DocumentRow = {
  readonly name: string
  readonly rules: string
  readonly heads: readonly string[]
  readonly envelopes: readonly { readonly seq: number; readonly hashes: readonly string[] }[]
  readonly saved: Bytes
}

export const writeLogRow = (row: LogRow): Bytes => utf8(JSON.stringify(row))

/** Undefined for a row of another version. */
export const readLogRow = (bytes: Bytes): LogRow | undefined => parse(logRow, bytes)

/** The length of the JSON, the JSON, then the saved document. */
export const writeDocumentRow = ({ saved, ...facts }: DocumentRow): Bytes => {
  const json = utf8(JSON.stringify(facts))
  const bytes = new Uint8Array(4 + json.length + saved.length)
  new DataView(bytes.buffer).setUint32(0, json.length)
  bytes.set(json, 4)
  bytes.set(saved, 4 + json.length)
  return bytes
}

export const readDocumentRow = (bytes: Bytes): DocumentRow | undefined => {
  if (bytes.length < 4) return undefined
  const end = 4 + new DataView(bytes.buffer, bytes.byteOffset).getUint32(0)
  const facts = end > bytes.length ? undefined : parse(documentRow, bytes.subarray(4, end))
  return facts === undefined ? undefined : { ...facts, saved: bytes.slice(end) }
}

const parse = <T>(schema: z.ZodMiniType<T>, bytes: Bytes): T | undefined => {
  try {
    return schema.parse(JSON.parse(new TextDecoder().decode(bytes)))
  } catch {
    // Of another version: what it says is made again.
    return undefined
  }
}
