import { createHash } from 'node:crypto'
import { ProblemError } from '@tonestead/protocol/problem'
import { searchKinds, type SearchQuery } from '@tonestead/protocol/search'
import { maxOffset } from '@tonestead/search-index/request'
import { z } from 'zod'

// A cursor contains its result group, the offset in it, and a hash of the query it was made for.

type Kind = (typeof searchKinds)[number]
export type SearchPosition = { readonly kind: Kind; readonly offset: number }

const cursorSchema = z.tuple([z.enum(searchKinds), z.number().int().min(1).max(maxOffset), z.string()])

/** Undefined when the offset is beyond the limit for paging. */
export const searchCursorAt = (query: SearchQuery, position: SearchPosition): string | undefined =>
  position.offset > maxOffset
    ? undefined
    : Buffer.from(JSON.stringify([position.kind, position.offset, hashOf(query)])).toString('base64url')

export const readSearchCursor = (query: SearchQuery & { readonly cursor: string }): SearchPosition => {
  const [kind, offset, queryHash] = parseCursor(query.cursor)
  if (queryHash !== hashOf(query)) throw new ProblemError('invalid-request', 'This cursor belongs to another search.')
  return { kind, offset }
}

const parseCursor = (cursor: string): z.infer<typeof cursorSchema> => {
  try {
    return cursorSchema.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')))
  } catch (error) {
    throw new ProblemError('invalid-request', 'This is no cursor of this server. Start the search again.', {
      cause: error,
    })
  }
}

const hashOf = ({ q, years, duration, lossless, complete }: SearchQuery): string =>
  createHash('sha256')
    .update(JSON.stringify([q, years, duration, lossless, complete]))
    .digest('base64url')
    .slice(0, 16)
