import { parseChunkId, parseRecordingId, parseReleaseId } from '@tonestead/crdt/ids'
import { releaseTypes } from '@tonestead/protocol/catalog'
import { z } from 'zod'
import type { SourceFacts, TrackDescription } from '../../ports/source-facts.ts'
import type { Database } from './sqlite-schema.ts'

// The facts of a source file as columns. The description is JSON; a member that is undefined is null there.

export type FactColumns = Pick<
  Database['sources'],
  'release_id' | 'recording_id' | 'description' | 'cover_id' | 'cover_color' | 'duration_ms' | 'is_lossless'
>

export const factColumns = (facts: SourceFacts): FactColumns => ({
  release_id: facts.releaseId,
  recording_id: facts.recordingId,
  description: JSON.stringify(facts.description, (_, value: unknown) => (value === undefined ? null : value)),
  cover_id: facts.cover?.id ?? null,
  cover_color: facts.cover?.color ?? null,
  duration_ms: facts.durationMs,
  is_lossless: facts.isLossless ? 1 : 0,
})

/** Columns of a file of which nothing is known. */
export const noFacts = {
  release_id: null,
  recording_id: null,
  description: null,
  cover_id: null,
  cover_color: null,
  duration_ms: null,
  is_lossless: null,
} as const satisfies FactColumns

/** Undefined when nothing was learned of the file, or what was learned is from a version without facts. */
export const factsOf = (row: FactColumns): SourceFacts | undefined =>
  row.release_id === null || row.recording_id === null || row.description === null || row.duration_ms === null
    ? undefined
    : {
        releaseId: parseReleaseId(row.release_id),
        recordingId: parseRecordingId(row.recording_id),
        description: parseDescription(row.description),
        cover:
          row.cover_id === null || row.cover_color === null
            ? undefined
            : { id: parseChunkId(row.cover_id), color: row.cover_color },
        durationMs: row.duration_ms,
        isLossless: row.is_lossless === 1,
      }

const maybe = <Value>(schema: z.ZodType<Value>) => schema.nullable().transform((value) => value ?? undefined)
const credits = z.array(z.object({ name: z.string(), join: z.string(), musicBrainzId: maybe(z.string()) }))
const descriptionSchema = z.object({
  title: z.string(),
  credits,
  disc: z.number(),
  position: maybe(z.number()),
  isrc: maybe(z.string()),
  musicBrainzId: maybe(z.string()),
  release: z.object({
    title: z.string(),
    credits,
    hasOwnCredits: z.boolean(),
    type: z.enum(releaseTypes),
    year: maybe(z.number()),
    label: maybe(z.string()),
    barcode: maybe(z.string()),
    musicBrainzId: maybe(z.string()),
    folder: maybe(z.string()),
  }),
})

const parseDescription = (text: string): TrackDescription => descriptionSchema.parse(JSON.parse(text))
