import type { FileEntry } from '../playlist-file.ts'

/** What is known of an entry by words. */
export type EntryDescription = {
  readonly title: string
  readonly artist?: string
  readonly album?: string
  readonly durationMs?: number
}

/** [PF7] The description of an entry: what the file says, else what its path says. Undefined when neither says a title. */
export const describeEntry = ({
  location,
  title,
  artist,
  album,
  durationMs,
}: FileEntry): EntryDescription | undefined => {
  const path = title === undefined ? describePath(location ?? '') : { title }
  if (path === undefined) return undefined
  return {
    ...path,
    ...(artist === undefined ? {} : { artist }),
    ...(album === undefined ? {} : { album }),
    ...(durationMs === undefined ? {} : { durationMs }),
  }
}

/** `…/Artist/Album/01 Title.mp3` or `…/Artist - Title.mp3`, as a path or URL. */
const describePath = (location: string): EntryDescription | undefined => {
  const parts = decoded(location.replace(/[?#].*$/, ''))
    .replace(/^[a-z][a-z0-9+.-]*:\/\/[^/]*/i, '')
    .split(/[/\\]/)
    .filter((part) => part !== '' && !/^(?:\.\.?|[a-z]:)$/i.test(part))
  const name =
    parts
      .at(-1)
      ?.replace(/\.[a-z0-9]{2,5}$/i, '')
      .replaceAll('_', ' ')
      .trim() ?? ''
  const words = name
    .split(' - ')
    .map((part) => part.trim().replace(/^\d{1,3}(?:[\s.)-]+|$)/, ''))
    .filter((part) => part !== '')
  const title = words.at(-1)
  if (title === undefined) return undefined
  const artist = words.length > 1 ? words[0] : parts.at(-3)
  const album = parts.at(-2)
  return { title, ...(artist === undefined ? {} : { artist }), ...(album === undefined ? {} : { album }) }
}

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text)
  } catch {
    // A path with a percent sign that is no escape.
    return text
  }
}
