import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { plainTitle } from './fold-for-grading.ts'
import type { Names, Song } from './names.ts'

const folder = process.env['TONESTEAD_CATALOGUE'] ?? join(import.meta.dirname, '..', '..', '..', 'shared', 'catalogue')

const readLines = async (file: string): Promise<string[][]> =>
  gunzipSync(await readFile(join(folder, file)))
    .toString('utf8')
    .split(/\r?\n/)
    .slice(1)
    .filter((line) => line !== '')
    .map(splitCsv)

/** One line of CSV; neither file has a line break inside a field. */
const splitCsv = (line: string): string[] => {
  if (!line.includes('"')) return line.split(',')
  return Array.from(line.matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g), (field) => {
    const text = field[1] ?? ''
    return text.startsWith('"') ? text.slice(1, -1).replaceAll('""', '"') : text
  })
}

const isName = (text: string): boolean => text.length > 1 && text.length < 60

/** Charts write "A Featuring B", playlists "A; B". "A & B" stays one name, because bands are called so. */
const splitArtists = (text: string): string[] =>
  text
    .split(/; | featuring | feat\.? /i)
    .map((name) => name.trim())
    .filter(isName)

const songFrom = ([
  ,
  title = '',
  artist = '',
  album = '',
  year = '',
  popularity = '',
  ,
  duration = '',
]: readonly string[]): Song => ({
  title: title.trim(),
  artists: splitArtists(artist),
  album: album.trim(),
  weight: Number(popularity) || 0,
  year: year === '' ? undefined : Number(year),
  durationMs: duration === '' ? undefined : Number(duration) * 1000,
})

/** Sources differ in upper and lower case: the first spelling of a name is used for all. */
const createSpelling = (): ((name: string) => string) => {
  const spellings = new Map<string, string>()
  return (name) => {
    const known = spellings.get(name.toLowerCase())
    if (known === undefined) spellings.set(name.toLowerCase(), name)
    return known ?? name
  }
}

/** Songs by their first artist, the most popular first; a song of several sources is taken once. */
const groupSongs = (songs: readonly Song[], spelling: (name: string) => string): Map<string, Song[]> => {
  const songsOf = new Map<string, Song[]>()
  const seen = new Set<string>()
  for (const song of songs.toSorted((a, b) => b.weight - a.weight)) {
    const artist = spelling(song.artists[0] ?? '')
    if (artist === '' || song.title.length < 2 || song.title.length > 120) continue
    const key = `${song.title.toLowerCase()}\n${artist}`
    if (seen.has(key)) continue
    seen.add(key)
    const list = songsOf.get(artist)
    if (list === undefined) songsOf.set(artist, [song])
    else list.push(song)
  }
  return songsOf
}

/** Undefined where the files are missing. */
export const readRealNames = async (): Promise<Names | undefined> => {
  const tracks = await readLines('catalogue.dev.csv.gz').catch(() => undefined)
  if (tracks === undefined) return undefined
  const listened = await readLines('artists-lastfm.csv.gz').catch(() => [])
  const spelling = createSpelling()
  const songsOf = groupSongs(tracks.map(songFrom), spelling)
  const score = new Map<string, number>()
  for (const [artist, songs] of songsOf) score.set(artist, songs.reduce((sum, song) => sum + song.weight, 0) / 2000)
  for (const [text = '', listeners = ''] of listened) {
    const name = spelling(text.trim())
    if (isName(name)) score.set(name, (score.get(name) ?? 0) + Number(listeners) / 611)
  }
  const artists = [...score]
    .toSorted(([nameA, a], [nameB, b]) => b - a || (nameA < nameB ? -1 : 1))
    .map(([name]) => name)
  const titles = [
    ...new Set([...songsOf.values()].flatMap((songs) => songs.map((song) => plainTitle(song.title)))),
  ].filter((title) => title.length > 1)
  return { source: 'catalogue', artists, songsOf, titles }
}
