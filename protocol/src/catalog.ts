import { parseArtistId, parseChunkId, parseRecordingId, parseReleaseId, parseTrackId } from '@tonestead/crdt/ids'
import { z } from 'zod'

// The catalog as sent. Lists come in pages: `next` is an opaque cursor, absent on the last page; `total` counts all rows.

const artistId = z.string().transform(parseArtistId)
const releaseId = z.string().transform(parseReleaseId)
const trackId = z.string().transform(parseTrackId)
const recordingId = z.string().transform(parseRecordingId)
const objectId = z.string().transform(parseChunkId)

export const coverSizes = [96, 320, 1024] as const
export const coverFormats = ['webp', 'jpg'] as const
/** `/covers/<id>/<size>.<format>`; `color` is the cover's mean colour as #rrggbb, drawn until the picture has come. */
export const coverSchema = z.object({ id: objectId, color: z.string().regex(/^#[0-9a-f]{6}$/) })
export type Cover = z.infer<typeof coverSchema>

/** One name in a credit line; `join` is the text that follows it (" & ", " feat. ", or ""). */
export const artistCreditSchema = z.object({ id: artistId, name: z.string(), join: z.string() })
export type ArtistCredit = z.infer<typeof artistCreditSchema>

const releaseRefSchema = z.object({ id: releaseId, title: z.string(), cover: coverSchema.optional() })

export const trackSchema = z.object({
  id: trackId,
  recordingId,
  title: z.string(),
  credits: z.array(artistCreditSchema),
  release: releaseRefSchema,
  disc: z.number().int().positive(),
  /** Place on its disc; absent where nobody said. */
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
export type Track = z.infer<typeof trackSchema>

/** GET /api/recordings/{id}/manifest: the heads as they are now, after all renditions came or the recording was encoded anew. */
export const recordingManifestSchema = z.object({
  recordingId,
  keyVersion: z.number().int().positive(),
  durationMs: z.number().nonnegative(),
  heads: trackSchema.shape.heads,
})
export type RecordingManifest = z.infer<typeof recordingManifestSchema>

export const releaseTypes = ['album', 'ep', 'single', 'compilation'] as const
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
export type ReleaseSummary = z.infer<typeof releaseSummarySchema>

export const releaseSchema = releaseSummarySchema.extend({
  label: z.string().optional(),
  barcode: z.string().optional(),
  tracks: z.array(trackSchema),
})
export type Release = z.infer<typeof releaseSchema>

export const artistSummarySchema = z.object({
  id: artistId,
  name: z.string(),
  releaseCount: z.number().int(),
  trackCount: z.number().int(),
  cover: coverSchema.optional(),
})
export type ArtistSummary = z.infer<typeof artistSummarySchema>
export const artistSchema = artistSummarySchema.extend({
  releases: z.array(releaseSummarySchema),
  tracks: z.array(trackSchema),
})
export type Artist = z.infer<typeof artistSchema>

export const pageOf = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), next: z.string().optional(), total: z.number().int() })
export type Page<T> = { readonly items: readonly T[]; readonly next?: string | undefined; readonly total: number }

export const releasePageSchema = pageOf(releaseSummarySchema)
export const artistPageSchema = pageOf(artistSummarySchema)
export const trackPageSchema = pageOf(trackSchema)

export const maxPageSize = 200
export const listQuerySchema = z.object({
  cursor: z.string().max(512).optional(),
  /** Starts at this row instead of a cursor: for the scroll bar that jumps. */
  offset: z.coerce.number().int().min(0).max(10_000_000).optional(),
  limit: z.coerce.number().int().min(1).max(maxPageSize).default(50),
  sort: z.enum(['name', 'recent']).default('name'),
})
export type ListQuery = z.infer<typeof listQuerySchema>

export const maxTracksById = 50
/** `ids`: these tracks in this order, joined by commas, without those that cannot be had; the rest of the query then says nothing. */
export const trackListQuerySchema = listQuerySchema.extend({
  ids: z
    .string()
    .regex(/^[a-z2-7]{26}(,[a-z2-7]{26}){0,49}$/, 'at most 50 track ids joined by commas')
    .transform((text) => text.split(','))
    .optional(),
})

/** One line of the change feed: ordered by commit, so whoever saw `seq` n will never meet a lower one later. */
export const catalogChangeSchema = z.object({
  seq: z.number().int().positive(),
  at: z.number().int(),
  kind: z.enum(['release', 'artist', 'track', 'recording']),
  id: z.string(),
  change: z.enum(['published', 'changed', 'withdrawn']),
})
export type CatalogChange = z.infer<typeof catalogChangeSchema>
export const changeQuerySchema = z.object({
  after: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(1000).default(500),
})
export const changePageSchema = z.object({ items: z.array(catalogChangeSchema), last: z.number().int() })
export type ChangePage = z.infer<typeof changePageSchema>
