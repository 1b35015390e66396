import { createHash } from 'node:crypto'
import type { Bytes } from '@tonestead/protocol/bytes'
import { z } from 'zod'
import { audienceSchema, type Audience } from '@tonestead/protocol/audience'

// The file of a kept index (docs/formats.md, data folder): a header of ours, then the snapshot as search-index/ writes it.

/** A multiple of 8, so that the arrays of the snapshot lie where they may be used in place. */
const headerBytes = 512

const aboutSchema = z.object({
  v: z.literal(1),
  sequence: z.number().int().nonnegative(),
  /** The line of the change feed under that number: the same number in another catalog has another. */
  mark: z.string(),
  audience: audienceSchema,
  /** Names the bytes of the snapshot. */
  tag: z.string(),
  builtAt: z.number(),
})
export type AboutIndex = z.infer<typeof aboutSchema>
export type KeptIndex = { readonly about: AboutIndex; readonly snapshot: Bytes }

export const keptName = (audience: Audience): string => `${audience}.index`

export const tagOf = (snapshot: Uint8Array): string => createHash('sha256').update(snapshot).digest('hex').slice(0, 32)

export const encodeKeptIndex = ({ about, snapshot }: KeptIndex): readonly Uint8Array[] => {
  const text = JSON.stringify(about)
  const header = Buffer.alloc(headerBytes, ' ')
  if (header.write(text) !== Buffer.byteLength(text))
    throw new Error('what is told of an index does not fit its header')
  return [header, snapshot]
}

/** Undefined: not such a file. The snapshot is a view of `bytes`, and checks itself when it is opened. */
export const decodeKeptIndex = (bytes: Bytes): KeptIndex | undefined => {
  try {
    const about = aboutSchema.parse(JSON.parse(Buffer.from(bytes.subarray(0, headerBytes)).toString('utf8')))
    return { about, snapshot: bytes.subarray(headerBytes) }
  } catch {
    return undefined
  }
}
