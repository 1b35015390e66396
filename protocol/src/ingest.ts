import { z } from 'zod'

// Wire schemas of the ingest page: the state of each source file.

/** Why a source file was refused, and what a person can do about it. A refusal is an expected outcome, not a fault. */
export const refusals = {
  empty: { title: 'The file is empty', cure: 'Copy it again from where it came from.' },
  'not-audio': {
    title: 'This is not an audio file, whatever its name says',
    cure: 'Remove it, or give the real recording.',
  },
  playlist: {
    title: 'This is a playlist, not a recording',
    cure: 'Add the recordings it names; playlists are not read here.',
  },
  'format-unsupported': {
    title: 'Tonestead does not take this audio format',
    cure: 'Convert it to FLAC, WAV, AIFF, MP3, AAC/M4A, Ogg Vorbis or Opus.',
  },
  'no-audio-stream': { title: 'There is no sound in this file', cure: 'Check that it is the right file.' },
  damaged: { title: 'The audio is damaged and cannot be decoded', cure: 'Copy or rip it again.' },
  truncated: { title: 'The file breaks off: part of the audio is missing', cure: 'Copy or download it again.' },
  'too-short': { title: 'There is too little sound in it to play', cure: 'Check that it is the right file.' },
  'too-long': { title: 'The recording is longer than 12 hours', cure: 'Split it into parts of at most 12 hours.' },
  'too-large': { title: 'The file is larger than this server takes', cure: 'Split it, or compress it to FLAC.' },
  'too-expensive': {
    title: 'Decoding took more time or memory than is allowed',
    cure: 'The file may be damaged or hostile; convert it again from the original.',
  },
  unreadable: { title: 'The file cannot be read', cure: 'Check its permissions and the disk.' },
  'storage-full': { title: 'The server has no room left', cure: 'Free some space; the file is tried again by itself.' },
  'tools-failed': { title: 'The encoder failed', cure: 'Try again; if it stays, see the server log.' },
} as const satisfies Record<string, { title: string; cure: string }>
/** A key of `refusals`. */
export type RefusalCode = keyof typeof refusals
/** A key of `refusals`, in `ingestItemSchema`. */
export const refusalCodeSchema = z.enum(Object.keys(refusals) as [RefusalCode, ...RefusalCode[]])

/** Steps of an ingest job, in order. */
export const ingestSteps = ['waiting', 'probing', 'encoding', 'sealing', 'publishing'] as const
/** One of `ingestSteps`, in `ingestItemSchema`. */
export const ingestStepSchema = z.enum(ingestSteps)
/** One of `ingestSteps`. */
export type IngestStep = z.infer<typeof ingestStepSchema>

/** One source file, in GET /api/ingest and its events. `name` is its path below the imported folder, only for display. */
export const ingestItemSchema = z.object({
  id: z.string(),
  name: z.string(),
  state: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('working'), step: ingestStepSchema }),
    z.object({
      kind: z.literal('published'),
      track: z.string(),
      /** All renditions are made. */ isComplete: z.boolean(),
    }),
    z.object({
      kind: z.literal('refused'),
      code: refusalCodeSchema,
      title: z.string(),
      cure: z.string(),
      detail: z.string().optional(),
    }),
  ]),
})
/** Parsed `ingestItemSchema`. */
export type IngestItem = z.infer<typeof ingestItemSchema>

/** Counts over all source files, in GET /api/ingest and its events. `playable`: at least one rendition; `complete`: all renditions. */
export const ingestSummarySchema = z.object({
  found: z.number().int(),
  waiting: z.number().int(),
  working: z.number().int(),
  playable: z.number().int(),
  complete: z.number().int(),
  refused: z.number().int(),
  withdrawn: z.number().int(),
  /** Files whose folder could not be read at the last scan. Their tracks stay. */
  unreachable: z.number().int(),
  /** Files that were missing at the last scan, as if a disk were not connected or a library had been deleted. Their tracks stay until the administrator confirms. */
  held: z.number().int(),
  /** Recordings of which stored audio is damaged or missing: those that are made again from their files, and those whose files are not there. */
  beingRepaired: z.number().int().default(0),
  lost: z.number().int().default(0),
  /** Disk space that all renditions of the found files will need, and free disk space. */
  estimatedBytes: z.number(),
  freeBytes: z.number(),
})
/** Parsed `ingestSummarySchema`. */
export type IngestSummary = z.infer<typeof ingestSummarySchema>

/** Answer of POST /api/ingest/withdrawals: how many held files were withdrawn. */
export const ingestWithdrawalSchema = z.object({ withdrawn: z.number().int() })

/** Answer of GET /api/ingest: the summary and a page of items, refused ones first. `next`: cursor of the next page, absent on the last. */
export const ingestReportSchema = z.object({
  summary: ingestSummarySchema,
  items: z.array(ingestItemSchema),
  next: z.string().optional(),
})
/** Parsed answer of GET /api/ingest. */
export type IngestReport = z.infer<typeof ingestReportSchema>

/** One event of the stream GET /api/ingest/events: `event: summary` or `event: item`, with `data:` in JSON. */
export const ingestEventSchema = z.discriminatedUnion('event', [
  z.object({ event: z.literal('summary'), data: ingestSummarySchema }),
  z.object({ event: z.literal('item'), data: ingestItemSchema }),
])
/** Parsed event of GET /api/ingest/events. */
export type IngestEvent = z.infer<typeof ingestEventSchema>
