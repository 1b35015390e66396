import * as z from 'zod/mini'
import type { LogEntry } from '../../ports/log.ts'

const shortText = z.string().check(z.maxLength(1_000))

/** Entries that a worker logged, as the page parses them. */
export const logEntrySchema: z.ZodMiniType<LogEntry> = z.object({
  atMs: z.number(),
  level: z.enum(['debug', 'info', 'warn', 'error']),
  namespace: shortText,
  message: shortText,
  fields: z.optional(z.record(shortText, z.union([z.number(), z.boolean(), shortText]))),
  error: z.optional(shortText),
})
