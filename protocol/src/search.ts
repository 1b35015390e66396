import { z } from 'zod'

// Wire schemas of search. They repeat the shapes of search-index/ (answer.ts, document.ts, request.ts), which imports no other workspace. Ids are not
// parsed here, because an index stores them as text.

/** Kinds of documents that search finds. */
export const searchKinds = ['track', 'release', 'artist', 'playlist'] as const
const kind = z.enum(searchKinds)

const creditName = z.object({ id: z.string(), name: z.string(), join: z.string() })
const releaseRef = z.object({ id: z.string(), title: z.string() })
const marks = z.array(z.tuple([z.number().int().nonnegative(), z.number().int().nonnegative()]))

/** One hit, in the answer of GET /api/search. */
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
  /** UTF-16 offsets, end exclusive, of the parts that match the query. In the credit line they count in its text: each name followed by its join. */
  marks: z.object({ title: marks, credit: marks, release: marks }),
  score: z.number(),
})
/** Parsed `searchHitSchema`. */
export type SearchHit = z.infer<typeof searchHitSchema>

const hitGroup = z.object({
  hits: z.array(searchHitSchema),
  /** Cursor for the rest of this group; absent on its last page. */ next: z.string().optional(),
})

/** Answer of GET /api/search. */
export const searchAnswerSchema = z.object({
  top: searchHitSchema.optional(),
  groups: z.object({ track: hitGroup, release: hitGroup, artist: hitGroup, playlist: hitGroup }),
  /** "Did you mean". */
  correction: z.string().optional(),
  /** A bound on the work was met: less popular hits may be missing. */
  isCut: z.boolean(),
  /** Sequence number of the last change of the catalog that is in the index. */
  sequence: z.number().int().nonnegative(),
})
/** Parsed answer of GET /api/search. */
export type SearchAnswer = z.infer<typeof searchAnswerSchema>

const range = (most: number) =>
  z
    .string()
    .regex(/^\d{0,9}-\d{0,9}$/)
    .transform((text) => {
      const [from, to] = text.split('-')
      return { from: from === '' ? 0 : Number(from), to: to === '' ? most : Number(to) }
    })

/** Query of GET /api/search. `q` may be any text; search-index/src/request.ts says what is understood in it. */
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
  /** `next` of a group: requests the rest of that group alone. */
  cursor: z.string().max(512).optional(),
  /** `1970-1979`, `-1979` or `1970-`. */
  years: range(9999).optional(),
  /** Milliseconds, like `years`. */
  duration: range(999_999_999).optional(),
  lossless: z.literal('1').optional(),
  /** The last word is finished. */
  complete: z.literal('1').optional(),
})
/** Parsed query of GET /api/search. */
export type SearchQuery = z.infer<typeof searchQuerySchema>

/** Query of GET /api/search/suggestions. */
export const suggestQuerySchema = z.object({
  q: z.string().max(200),
  limit: z.coerce.number().int().min(1).max(20).default(5),
})
/** Answer of GET /api/search/suggestions: completions of the query. The first `typed` UTF-16 units of `text` are what was typed. */
export const suggestionsSchema = z.object({
  items: z.array(z.object({ text: z.string(), typed: z.number().int().nonnegative() })),
})
/** Parsed answer of GET /api/search/suggestions. */
export type Suggestions = z.infer<typeof suggestionsSchema>

/** A document of the search index, in GET /api/search/changes. */
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

/** Query of GET /api/search/changes: changes of the index after the sequence number `after`. */
export const searchChangesQuerySchema = z.object({
  after: z.coerce.number().int().min(0),
  limit: z.coerce.number().int().min(1).max(1000).default(500),
})
/**
 * Answer of GET /api/search/changes, in the order of the catalog's change feed. `isTooOld`, with no items: `after` is too far behind or from
 * another catalog, and the device loads the snapshot again.
 */
export const searchChangesSchema = z.object({
  items: z.array(
    z.discriminatedUnion('change', [
      z.object({ change: z.literal('put'), document: searchDocumentSchema }),
      z.object({ change: z.literal('remove'), kind, id: z.string().max(64) }),
    ]),
  ),
  /** Value of `after` for the next request. */
  last: z.number().int().nonnegative(),
  isLast: z.boolean(),
  isTooOld: z.boolean(),
})
/** Parsed answer of GET /api/search/changes. */
export type SearchChanges = z.infer<typeof searchChangesSchema>

/**
 * Above this many tracks GET /api/search/snapshot answers `catalog-too-large`, and the device searches on the server.
 * Otherwise it gives the bytes of docs/formats.md, "Search snapshot", compressed in transfer, with an ETag.
 */
export const maxTracksOnDevice = 100_000
/** Body of POST /api/plays: a track was played for 30 seconds or to its end. The server counts per track and day and stores no account with it. */
export const playReportSchema = z.object({ trackId: z.string().max(64) })
