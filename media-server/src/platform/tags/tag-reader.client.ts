import { z } from 'zod'
import type { RawTags, TagReader } from '../../ports/tag-reader.ts'
import { sharedPath } from '../process/open-files.ts'
import { createTaskProcess, type TaskProcess } from '../process/task-process.ts'

const limits = { wallMs: 15_000, memoryBytes: 512 * 1024 * 1024 }
const maxNames = 64
const names = z
  .array(z.string())
  .transform((list) => list.slice(0, maxNames))
  .optional()
  .catch(undefined)
const text = z.string().optional().catch(undefined)
const number = z.number().optional().catch(undefined)

/** A field with an invalid value is left out; the others are kept. Every field of `RawTags` has a row: a field without one would be removed. */
const rawTagsShape = {
  title: text,
  artist: text,
  artists: names,
  albumArtist: text,
  albumArtists: names,
  album: text,
  disc: number,
  position: number,
  year: number,
  isrc: names,
  barcode: text,
  label: text,
  isCompilation: z.boolean().optional().catch(undefined),
  releaseTypes: names,
  recordingMbid: text,
  releaseMbid: text,
  artistMbids: names,
  albumArtistMbids: names,
  picture: z
    .custom<RawTags['picture']>((value) => value instanceof Uint8Array)
    .optional()
    .catch(undefined),
} satisfies Record<keyof RawTags, z.ZodType>
const rawTagsSchema: z.ZodType<RawTags> = z.object(rawTagsShape)

/** Runs music-metadata in a child process: tags that make it loop or use too much memory end that process only. `onFault` gets crashes and exceeded limits; unreadable tags are an expected outcome. */
export const createTagReader = (
  onFault: (message: string, fault: unknown) => void,
  child: TaskProcess = createTaskProcess(new URL('./tag-reader.main.ts', import.meta.url)),
): TagReader & { readonly stop: () => void } => ({
  read: async ({ path, descriptor }, signal) => {
    const openPath = descriptor === undefined ? undefined : sharedPath(descriptor)
    const end = await child.run({ path, openPath }, limits, signal)
    if (end.kind === 'crashed' || end.kind === 'over-limit')
      onFault(
        'The tags of a file could not be read.',
        `${end.kind}${end.kind === 'over-limit' ? ` (${end.what})` : ''}`,
      )
    if (end.kind !== 'done') return undefined
    const parsed = rawTagsSchema.safeParse(end.value)
    return parsed.success ? parsed.data : undefined
  },
  stop: child.stop,
})
