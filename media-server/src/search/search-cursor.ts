import { createHash } from 'node:crypto'
import { ProblemError } from '@tonestead/protocol/problem'
import { searchKinds, type SearchQuery } from '@tonestead/protocol/search'
import { maxOffset } from '@tonestead/search-index/request'
import { z } from 'zod'

// A cursor says which group it belongs to, how far it has come, and which question it was made for.

type Kind = (typeof searchKinds)[number]
export type SearchPlace = { readonly kind: Kind; readonly offset: number }

const cursorSchema = z.tuple([z.enum(searchKinds), z.number().int().min(1).max(maxOffset), z.string()])

/** Undefined: nobody may page so far. */
export const searchCursorAt = (query: SearchQuery, place: SearchPlace): string | undefined =>
  place.offset > maxOffset
    ? undefined
    : Buffer.from(JSON.stringify([place.kind, place.offset, questionOf(query)])).toString('base64url')

export const readSearchCursor = (query: SearchQuery & { readonly cursor: string }): SearchPlace => {
  const [kind, offset, question] = parseCursor(query.cursor)
  if (question !== questionOf(query))
    throw new ProblemError('invalid-request', 'This cursor belongs to another search.')
  return { kind, offset }
}

const parseCursor = (cursor: string): z.infer<typeof cursorSchema> => {
  try {
    return cursorSchema.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')))
  } catch (error) {
    throw new ProblemError('invalid-request', 'This is not a cursor of ours; begin the search anew.', { cause: error })
  }
}

const questionOf = ({ q, years, duration, lossless, complete }: SearchQuery): string =>
  createHash('sha256')
    .update(JSON.stringify([q, years, duration, lossless, complete]))
    .digest('base64url')
    .slice(0, 16)
