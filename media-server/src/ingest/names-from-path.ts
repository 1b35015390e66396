import { basename, dirname, extname } from 'node:path'
import { cleanText } from './clean-text.ts'

/** Names from a path such as "Artist/Album (1999)/CD 2/03 - Title.flac", for files without tags. */
export type PathNames = {
  readonly title: string
  readonly position: number | undefined
  readonly disc: number | undefined
  readonly album: string | undefined
  readonly artist: string | undefined
  /** The folder of the release. It groups files whose tags name no release. */
  readonly folder: string
}

const discFolder = /^(?:cd|disc|disk|dvd|side|volume|vol\.?)\s*[-_ ]?(\d{1,2})\b/i

/** `name` is the path below the imported folder, with slashes or backslashes. */
export const namesFromPath = (name: string): PathNames => {
  const path = name.replaceAll('\\', '/')
  const folders = dirname(path)
    .split('/')
    .filter((part) => part !== '' && part !== '.')
  const disc = discFolder.exec(folders.at(-1) ?? '')
  const releaseFolders = disc === null ? folders : folders.slice(0, -1)
  const file = readFileName(basename(path, extname(path)))
  return {
    ...file,
    artist: file.artist ?? (releaseFolders.length > 1 ? cleanText(releaseFolders.at(-2)) : undefined),
    disc: disc === null ? undefined : Number(disc[1]),
    album: cleanText(releaseFolders.at(-1)?.replace(/\s*[([]\d{4}[)\]]\s*$/, '')),
    folder: releaseFolders.join('/'),
  }
}

/** "03 - Title", "1-03 Title", "Artist - Title", "03. Artist - Title". */
const readFileName = (stem: string): Pick<PathNames, 'title' | 'position' | 'artist'> => {
  const spaced = stem.includes(' ') ? stem : stem.replaceAll('_', ' ')
  const numbered = /^(?:\d{1,2}-)?(\d{1,3})(?:\s*[-.)_]\s*|\s+)(?=\S)(.+)$/.exec(spaced)
  const rest = numbered?.[2] ?? spaced
  const named = /^(.+?) [-–] (.+)$/.exec(rest)
  const position = numbered === null ? 0 : Number(numbered[1])
  return {
    title: cleanText(named?.[2] ?? rest) ?? 'Untitled',
    artist: cleanText(named?.[1]),
    position: position > 0 ? position : undefined,
  }
}
