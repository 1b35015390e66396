import { z } from 'zod'
import { entryOf, fileLimits, identifiersOf, readIdentifiers, textOf, type FileEntry } from '../playlist-file.ts'
import type { ReadFormat } from '../read-format.ts'
import type { WritablePlaylist } from '../playlist-file.ts'

// JSPF: XSPF as JSON (xspf.org/jspf). Writers differ: one value may be a text or a list of texts, a length a number or a text.

const optionalText = z.string().optional().catch(undefined)
const texts = z
  .union([z.string().transform((text) => [text]), z.array(z.string())])
  .optional()
  .catch(undefined)
const trackSchema = z.object({
  location: texts,
  identifier: texts,
  title: optionalText,
  creator: optionalText,
  album: optionalText,
  duration: z.coerce.number().optional().catch(undefined),
})
const playlistSchema = z.object({
  playlist: z.object({ title: optionalText, track: z.array(z.unknown()).optional() }),
})

/** [PF1] [PF6] Reads JSPF. A field of a wrong type is left out, and so is a track that is no object. */
export const readJspf = (source: string): ReadFormat => {
  const json = parseJson(source)
  if (json === undefined) return { kind: 'broken' }
  const parsed = playlistSchema.safeParse(json.value)
  if (!parsed.success) return { kind: 'not-a-playlist' }
  const { title, track: tracks = [] } = parsed.data.playlist
  const entries = tracks.slice(0, fileLimits.entries).flatMap(readTrack)
  const name = textOf(title)
  return {
    kind: 'read',
    leftOut: tracks.length - entries.length,
    playlist: { ...(name === undefined ? {} : { title: name }), entries },
  }
}

const readTrack = (value: unknown): FileEntry[] => {
  const parsed = trackSchema.safeParse(value)
  if (!parsed.success) return []
  const { location, identifier = [], title, creator, album, duration } = parsed.data
  return [
    entryOf({
      location: location?.[0],
      title,
      artist: creator,
      album,
      durationMs: duration,
      ...readIdentifiers(identifier.slice(0, 20)),
    }),
  ]
}

const parseJson = (source: string): { readonly value: unknown } | undefined => {
  try {
    return { value: JSON.parse(source) }
  } catch {
    // Not JSON: the file is broken, and the person is told so.
    return undefined
  }
}

/** [PF2] JSPF. */
export const writeJspf = ({ title, entries }: WritablePlaylist): string =>
  `${JSON.stringify(
    {
      playlist: {
        ...(title === undefined ? {} : { title }),
        track: entries.map((entry) => ({
          location: [entry.location],
          identifier: identifiersOf(entry),
          title: entry.title,
          creator: entry.artist,
          album: entry.album,
          duration: entry.durationMs,
        })),
      },
    },
    undefined,
    2,
  )}\n`
