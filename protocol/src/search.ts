import { z } from 'zod'

// Search as sent. The shapes are those of search-index/ (answer.ts, document.ts, request.ts), which knows no other workspace; ids are not
// parsed here, because an index keeps them as text.

export const searchKinds = ['track', 'release', 'artist', 'playlist'] as const
const kind = z.enum(searchKinds)

const creditName = z.object({ id: z.string(), name: z.string(), join: z.string() })
const releaseRef = z.object({ id: z.string(), title: z.string() })
const marks = z.array(z.tuple([z.number().int().nonnegative(), z.number().int().nonnegative()]))

export const searchHitSchema = z.object({
  kind,
  id: z.string(),
  title: z.string(),
  credits: z.array(creditName),
  release: releaseRef.optional(),
  year: z.number().int().optional(),
  durationMs: z.number().nonnegative().optional(),
  /** `<cover id>#<rrggbb>`: /covers/<id>/<size>.<format>, and its mean colour. */
  image: z.string().optional(),
  isLossless: z.boolean(),
  match: z.enum(['exact', 'prefix', 'corrected', 'partial']),
  /** UTF-16 offsets, end exclusive, of the parts that the query meant; those of the credit line count in its text, each name followed by its join. */
  marks: z.object({ title: marks, credit: marks, release: marks }),
  score: z.number(),
})
export type SearchHit = z.infer<typeof searchHitSchema>

const hitGroup = z.object({
  hits: z.array(searchHitSchema),
  /** Cursor for the rest of this group; absent on its last page. */ next: z.string().optional(),
})

export const searchAnswerSchema = z.object({
  top: searchHitSchema.optional(),
  groups: z.object({ track: hitGroup, release: hitGroup, artist: hitGroup, playlist: hitGroup }),
  /** "Did you mean". */
  correction: z.string().optional(),
  /** A work cap was met: something less popular may be missing. */
  isCut: z.boolean(),
  /** The catalog's change sequence number that the index has seen. */
  sequence: z.number().int().nonnegative(),
})
export type SearchAnswer = z.infer<typeof searchAnswerSchema>

const range = (most: number) =>
  z
    .string()
    .regex(/^\d{0,9}-\d{0,9}$/)
    .transform((text) => {
      const [from, to] = text.split('-')
      return { from: from === '' ? 0 : Number(from), to: to === '' ? most : Number(to) }
    })

/** GET /api/search. `q` may hold anything; what is understood in it: search-index/src/request.ts. */
export const searchQuerySchema = z.object({
  q: z.string().max(200),
  /** Kinds joined by commas; default all. */
  kinds: z
    .string()
    .max(64)
    .transform((text) => text.split(','))
    .pipe(z.array(kind).min(1).max(4))
    .optional(),
  limit: z.coerce.number().int().min(1).max(100).default(10),
  /** From a group's `next`; asks for the one kind it belongs to. */
  cursor: z.string().max(512).optional(),
  /** `1970-1979`, `-1979` or `1970-`. */
  years: range(9999).optional(),
  /** Milliseconds, like `years`. */
  duration: range(999_999_999).optional(),
  lossless: z.literal('1').optional(),
  /** The last word is finished. */
  complete: z.literal('1').optional(),
})
export type SearchQuery = z.infer<typeof searchQuerySchema>

/** GET /api/search/suggestions: ways to go on typing. `typed` counts the characters of `text` that were typed. */
export const suggestQuerySchema = z.object({
  q: z.string().max(200),
  limit: z.coerce.number().int().min(1).max(20).default(5),
})
export const suggestionsSchema = z.object({
  items: z.array(z.object({ text: z.string(), typed: z.number().int().nonnegative() })),
})
export type Suggestions = z.infer<typeof suggestionsSchema>

/** A document of the index, as devices follow it. */
export const searchDocumentSchema = z.object({
  kind,
  id: z.string().max(64),
  title: z.string(),
  credits: z.array(creditName),
  release: releaseRef.optional(),
  aliases: z.array(z.string()).optional(),
  year: z.number().int().optional(),
  durationMs: z.number().nonnegative().optional(),
  image: z.string().optional(),
  popularity: z.number().nonnegative(),
  isPublic: z.boolean(),
  isLossless: z.boolean(),
  isInLibrary: z.boolean(),
})

/**
 * GET /api/search/changes?after=N: what came to the index since, in the order of the catalog's change feed. `isTooOld`, with no items: the device
 * is too far behind, or its numbers are another catalog's, and takes the snapshot anew.
 */
export const searchChangesQuerySchema = z.object({
  after: z.coerce.number().int().min(0),
  limit: z.coerce.number().int().min(1).max(1000).default(500),
})
export const searchChangesSchema = z.object({
  items: z.array(
    z.discriminatedUnion('change', [
      z.object({ change: z.literal('put'), document: searchDocumentSchema }),
      z.object({ change: z.literal('remove'), kind, id: z.string().max(64) }),
    ]),
  ),
  /** Ask again after this one. */
  last: z.number().int().nonnegative(),
  isLast: z.boolean(),
  isTooOld: z.boolean(),
})
export type SearchChanges = z.infer<typeof searchChangesSchema>

/** Above this many tracks the device asks the server and keeps no index. */
export const mostTracksOnDevice = 100_000
/** GET /api/search/snapshot: the bytes of docs/formats.md, compressed in transfer, with an ETag; problem `catalog-too-large` above mostTracksOnDevice. */

/** POST /api/plays: a track was listened to for 30 seconds, or to its end. The server counts per track and day, and keeps no account with it. */
export const playReportSchema = z.object({ trackId: z.string().max(64) })
