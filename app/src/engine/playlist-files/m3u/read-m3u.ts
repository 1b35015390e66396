import { z } from 'zod'
import { entryOf, fileLimits, readTrackIdentifier, textOf, type FileEntry, type RawEntry } from '../playlist-file.ts'
import type { ReadFormat } from '../read-format.ts'

// M3U has no specification; the directives are those that players write (#EXTM3U, #EXTINF, #EXTALB, #PLAYLIST). `#TONESTEAD:` is ours.

/** A line that other players take for a comment: what #EXTINF cannot say. */
export const ownDirective = '#TONESTEAD:'
const ownSchema = z.object({
  artist: z.string().optional(),
  title: z.string().optional(),
  durationMs: z.number().optional(),
  isrc: z.string().optional(),
  track: z.string().optional(),
})

/** [PF1] [PF4] Reads M3U and M3U8. `isNamedSo`: the name of the file says that it is one, so that the header may be missing. */
export const readM3u = (text: string, isNamedSo: boolean): ReadFormat => {
  const hasHeader = /^\s*#EXTM3U/i.test(text)
  // A list of segments of a stream (HLS) has the same header.
  if ((!hasHeader && !isNamedSo) || /^#EXT-X-(?:TARGETDURATION|STREAM-INF)/m.test(text))
    return { kind: 'not-a-playlist' }
  const entries: FileEntry[] = []
  let title: string | undefined
  let leftOut = 0
  let pending: RawEntry = {}
  for (const line of linesOf(text)) {
    if (line === '') continue
    if (line.length > fileLimits.lineUnits) leftOut += line.startsWith('#') ? 0 : 1
    else if (line.startsWith('#PLAYLIST:')) title = textOf(line.slice('#PLAYLIST:'.length))
    else if (line.startsWith('#')) pending = { ...pending, ...readDirective(line) }
    else {
      if (entries.length < fileLimits.entries) entries.push(entryOf({ ...pending, location: line }))
      else leftOut += 1
      pending = {}
    }
  }
  return { kind: 'read', leftOut, playlist: { ...(title === undefined ? {} : { title }), entries } }
}

function* linesOf(text: string): Generator<string> {
  for (let start = 0; start < text.length;) {
    const end = nextBreak(text, start)
    yield text.slice(start, end).trim()
    start = end + 1
  }
}

/** Of a file with one kind of line break, the other one must not be looked for up to the end at every line. */
const nextBreak = (text: string, start: number): number => {
  lineBreak.lastIndex = start
  return lineBreak.exec(text)?.index ?? text.length
}
const lineBreak = /[\r\n]/g

const readDirective = (line: string): RawEntry => {
  if (line.startsWith('#EXTINF:')) return readExtinf(line)
  if (line.startsWith('#EXTALB:')) return { album: line.slice('#EXTALB:'.length) }
  return line.startsWith(ownDirective) ? readOwn(line.slice(ownDirective.length)) : {}
}

/** `#EXTINF:<seconds>[ key="value"…],<artist> - <title>`. Unknown lengths are -1 or 0. */
const readExtinf = (line: string): RawEntry => {
  const [, seconds, shown] = /^#EXTINF:\s*(-?\d{1,9}(?:\.\d{1,9})?)(?:\s+[\w-]+="[^"]*")*\s*,(.*)$/.exec(line) ?? []
  return shown === undefined ? {} : { durationMs: Number(seconds) * 1000, ...splitShown(shown.trim()) }
}

/** `<artist> - <title>`; without the separator, all of it is the title. */
export const splitShown = (shown: string): { readonly artist?: string; readonly title: string } => {
  const at = shown.indexOf(' - ')
  return at < 0 ? { title: shown } : { artist: shown.slice(0, at), title: shown.slice(at + ' - '.length) }
}

const readOwn = (json: string): RawEntry => {
  try {
    const parsed = ownSchema.safeParse(JSON.parse(json))
    if (!parsed.success) return {}
    const { track, ...fields } = parsed.data
    return { ...fields, track: readTrackIdentifier(track ?? '') }
  } catch {
    // Not JSON: the line is a comment.
    return {}
  }
}
