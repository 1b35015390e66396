import { createHash } from 'node:crypto'
import type { Bytes } from '@tonestead/protocol/bytes'
import { z } from 'zod'
import { audienceSchema, type Audience } from '@tonestead/protocol/audience'

// The file of a stored index (docs/formats.md, data folder): our header, then the snapshot as search-index/ writes it.

/** A multiple of 8, so that the snapshot's typed arrays are aligned and need no copy. */
const headerBytes = 512

const headerSchema = z.object({
  v: z.literal(1),
  sequence: z.number().int().nonnegative(),
  /** The entry of the change feed with this sequence number. Another catalog has another entry under the same number. */
  mark: z.string(),
  audience: audienceSchema,
  /** Identifies the bytes of the snapshot. */
  tag: z.string(),
  builtAt: z.number(),
})
export type IndexHeader = z.infer<typeof headerSchema>
export type IndexFile = { readonly header: IndexHeader; readonly snapshot: Bytes }

export const indexFileName = (audience: Audience): string => `${audience}.index`

/** Every name that this version reads or writes. */
export const indexFileNames: readonly string[] = audienceSchema.options.map(indexFileName)

export const indexTag = (snapshot: Uint8Array): string =>
  createHash('sha256').update(snapshot).digest('hex').slice(0, 32)

export const encodeIndexFile = ({ header, snapshot }: IndexFile): readonly Uint8Array[] => {
  const text = JSON.stringify(header)
  const bytes = Buffer.alloc(headerBytes, ' ')
  if (bytes.write(text) !== Buffer.byteLength(text)) throw new Error('the header of an index file is too long')
  return [bytes, snapshot]
}

/** Undefined when this is no index file. The snapshot is a view of `bytes`; its checksums are verified when it is opened. */
export const decodeIndexFile = (bytes: Bytes): IndexFile | undefined => {
  try {
    const header = headerSchema.parse(JSON.parse(Buffer.from(bytes.subarray(0, headerBytes)).toString('utf8')))
    return { header, snapshot: bytes.subarray(headerBytes) }
  } catch {
    // Expected for damaged files and for those of older versions: the callers report it and build a new index.
    return undefined
  }
}
