import { parseArtistId, parseChunkId, parseRecordingId, parseReleaseId, parseTrackId } from '@tonestead/crdt/ids'
import { z } from 'zod'

// Wire schemas of the catalog. Lists come in pages.

const artistId = z.string().transform(parseArtistId)
const releaseId = z.string().transform(parseReleaseId)
const trackId = z.string().transform(parseTrackId)
const recordingId = z.string().transform(parseRecordingId)
const objectId = z.string().transform(parseChunkId)

/** Edge lengths of stored covers, in pixels. */
export const coverSizes = [96, 320, 1024] as const
/** File extensions of stored covers. */
export const coverFormats = ['webp', 'jpg'] as const
/** A cover: its files are /covers/<id>/<size>.<format>. `color` is its mean colour as #rrggbb, drawn until the picture is loaded. */
export const coverSchema = z.object({ id: objectId, color: z.string().regex(/^#[0-9a-f]{6}$/) })
/** Parsed `coverSchema`. */
export type Cover = z.infer<typeof coverSchema>

/** One name in a credit line. `join` is the text that follows it (" & ", " feat. ", or ""). */
export const artistCreditSchema = z.object({ id: artistId, name: z.string(), join: z.string() })
/** Parsed `artistCreditSchema`. */
export type ArtistCredit = z.infer<typeof artistCreditSchema>

const releaseRefSchema = z.object({ id: releaseId, title: z.string(), cover: coverSchema.optional() })

/** A track, in the answers of GET /api/tracks, /api/tracks/{id}, /api/releases/{id} and /api/artists/{id}. */
export const trackSchema = z.object({
  id: trackId,
  recordingId,
  title: z.string(),
  credits: z.array(artistCreditSchema),
  release: releaseRefSchema,
  disc: z.number().int().positive(),
  /** Track number on its disc; absent when unknown. */
  position: z.number().int().positive().optional(),
  durationMs: z.number().nonnegative(),
  isrc: z.string().optional(),
  /** Signed manifest heads in base64url, by ladder. The lossless one exists only for lossless sources. */
  heads: z.object({ aac: z.string(), flac: z.string().optional() }),
  /** Peaks of the waveform: an object at /chunks/<id>, one byte (0–255) per step of equal length. */
  waveform: objectId.optional(),
  /** Album gain: integrated loudness and true peak of the whole release, for playing it in order. */
  albumLoudness: z.object({ integratedLufs: z.number(), truePeakDbtp: z.number() }).optional(),
})
/** Parsed `trackSchema`: ids are branded, heads still in base64url. */
export type Track = z.infer<typeof trackSchema>

/** Answer of GET /api/recordings/{id}/manifest: the present heads, which change when renditions are added or the recording is encoded again. */
export const recordingManifestSchema = z.object({
  recordingId,
  keyVersion: z.number().int().positive(),
  durationMs: z.number().nonnegative(),
  heads: trackSchema.shape.heads,
})
/** Parsed answer of GET /api/recordings/{id}/manifest. */
export type RecordingManifest = z.infer<typeof recordingManifestSchema>

/** Types of a release, as MusicBrainz names them. */
export const releaseTypes = ['album', 'ep', 'single', 'compilation'] as const
/** A release in lists: GET /api/releases, and in an artist. `addedAt`: milliseconds since 1970. */
export const releaseSummarySchema = z.object({
  id: releaseId,
  title: z.string(),
  credits: z.array(artistCreditSchema),
  type: z.enum(releaseTypes),
  year: z.number().int().optional(),
  cover: coverSchema.optional(),
  trackCount: z.number().int(),
  durationMs: z.number().nonnegative(),
  /** Anyone may listen, with no rights here (the demo album). */
  isPublic: z.boolean(),
  addedAt: z.number().int(),
})
/** Parsed `releaseSummarySchema`. */
export type ReleaseSummary = z.infer<typeof releaseSummarySchema>

/** Answer of GET /api/releases/{id}: the release with its tracks in playing order. */
export const releaseSchema = releaseSummarySchema.extend({
  label: z.string().optional(),
  barcode: z.string().optional(),
  tracks: z.array(trackSchema),
  /** Those of the tracks whose source files were not found at the last scan, as when a disk is not connected. They play as before, from what the server has made of them. */
  unreachable: z.array(trackId).optional(),
})
/** Parsed answer of GET /api/releases/{id}. */
export type Release = z.infer<typeof releaseSchema>

/** An artist in lists: GET /api/artists. */
export const artistSummarySchema = z.object({
  id: artistId,
  name: z.string(),
  releaseCount: z.number().int(),
  trackCount: z.number().int(),
  cover: coverSchema.optional(),
})
/** Parsed `artistSummarySchema`. */
export type ArtistSummary = z.infer<typeof artistSummarySchema>
/** Answer of GET /api/artists/{id}: the artist with releases and tracks. */
export const artistSchema = artistSummarySchema.extend({
  releases: z.array(releaseSummarySchema),
  tracks: z.array(trackSchema),
})
/** Parsed answer of GET /api/artists/{id}. */
export type Artist = z.infer<typeof artistSchema>

/** Schema of one page of a list: `next` is the cursor of the next page, absent on the last one; `total` counts all rows. */
export const pageOf = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), next: z.string().optional(), total: z.number().int() })
/** One page of a list of `T`, as `pageOf` parses it. */
export type Page<T> = { readonly items: readonly T[]; readonly next?: string | undefined; readonly total: number }

/** Answer of GET /api/releases. */
export const releasePageSchema = pageOf(releaseSummarySchema)
/** Answer of GET /api/artists. */
export const artistPageSchema = pageOf(artistSummarySchema)
/** Answer of GET /api/tracks. */
export const trackPageSchema = pageOf(trackSchema)

/** Most rows in one page of a list. */
export const maxPageSize = 200
/** Query of GET /api/releases, /api/artists and /api/tracks. */
export const listQuerySchema = z.object({
  cursor: z.string().max(512).optional(),
  /** Starts at this row instead of a cursor: for jumps of the scroll bar. */
  offset: z.coerce.number().int().min(0).max(10_000_000).optional(),
  limit: z.coerce.number().int().min(1).max(maxPageSize).default(50),
  sort: z.enum(['name', 'recent']).default('name'),
})
/** Parsed `listQuerySchema`. */
export type ListQuery = z.infer<typeof listQuerySchema>

/** Most ids in one GET /api/tracks?ids=… */
export const maxTracksById = 50
/**
 * Query of GET /api/tracks. With `ids` (joined by commas) the answer is these tracks in this order, without unknown and hidden ones,
 * and the rest of the query is ignored.
 */
export const trackListQuerySchema = listQuerySchema.extend({
  ids: z
    .string()
    .regex(/^[a-z2-7]{26}(,[a-z2-7]{26}){0,49}$/, 'at most 50 track ids joined by commas')
    .transform((text) => text.split(','))
    .optional(),
})

/** One change of the catalog, in GET /api/changes. Ordered by commit: after `seq` n no lower one appears later. `at`: milliseconds since 1970. */
export const catalogChangeSchema = z.object({
  seq: z.number().int().positive(),
  at: z.number().int(),
  kind: z.enum(['release', 'artist', 'track', 'recording']),
  id: z.string(),
  change: z.enum(['published', 'changed', 'withdrawn']),
})
/** Parsed `catalogChangeSchema`. */
export type CatalogChange = z.infer<typeof catalogChangeSchema>
/** Query of GET /api/changes: changes with a `seq` above `after`. */
export const changeQuerySchema = z.object({
  after: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(1000).default(500),
})
/** Answer of GET /api/changes. `last` is the value of `after` for the next request. */
export const changePageSchema = z.object({ items: z.array(catalogChangeSchema), last: z.number().int() })
/** Parsed answer of GET /api/changes. */
export type ChangePage = z.infer<typeof changePageSchema>
