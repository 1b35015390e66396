import * as z from 'zod/mini'

const text = z.string().check(z.maxLength(300))
const id = z.string().check(z.regex(/^[a-z2-7]{26}$/))
const ms = z.number().check(z.gte(0), z.lte(2 ** 40))

/** What the player of a device does. `positionMs`: as of when it was reported; who passes it on adds the time since. */
export const playerReportSchema = z.object({
  state: z.enum(['idle', 'loading', 'playing', 'paused', 'failed']),
  entryId: z.optional(id),
  trackId: z.optional(id),
  title: z.optional(text),
  positionMs: ms,
  durationMs: ms,
  volume: z.number().check(z.gte(0), z.lte(1)),
  isMuted: z.boolean(),
  /** Tells whether the document of the queue shows the queue of the player already. */
  queueMark: text,
})
export type PlayerReport = z.infer<typeof playerReportSchema>

/** Is there music that goes on, or is about to? */
export const isPlaying = ({ state }: PlayerReport): boolean => state === 'playing' || state === 'loading'

const bounded = <T extends z.core.$ZodType>(item: T) => z.array(item).check(z.minLength(1), z.maxLength(200))
const trackIds = bounded(id)

/** What a device may ask of the player of another one. */
export const playerActionSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.enum(['play', 'pause', 'next', 'previous', 'clearUpcoming']) }),
  z.object({ kind: z.literal('seek'), positionMs: ms }),
  z.object({ kind: z.literal('setVolume'), volume: z.number().check(z.gte(0), z.lte(1)) }),
  z.object({ kind: z.literal('setMuted'), isMuted: z.boolean() }),
  z.object({ kind: z.literal('setShuffle'), isShuffled: z.boolean() }),
  z.object({ kind: z.literal('setRepeat'), repeat: z.enum(['off', 'all', 'one']) }),
  z.object({ kind: z.enum(['jumpTo', 'remove']), entryId: id }),
  z.object({ kind: z.literal('move'), entryId: id, toIndex: z.int().check(z.gte(0), z.lte(100_000)) }),
  z.object({ kind: z.enum(['playNext', 'addToQueue']), trackIds }),
  /** Playback moves to the device that is asked. */
  z.object({ kind: z.literal('takeOver') }),
])
export type PlayerAction = z.infer<typeof playerActionSchema>
