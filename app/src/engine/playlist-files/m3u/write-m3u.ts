import type { FileEntry } from '../playlist-file.ts'
import { trackIdentifierOf } from '../playlist-file.ts'
import type { WritablePlaylist } from '../playlist-file.ts'
import { ownDirective, splitShown } from './read-m3u.ts'

/** [PF2] M3U8: UTF-8, with lines that end in a line feed. */
export const writeM3u = ({ title, entries }: WritablePlaylist): string =>
  ['#EXTM3U', ...(title === undefined ? [] : [`#PLAYLIST:${title}`]), ...entries.flatMap(linesOf), ''].join('\n')

const linesOf = (entry: WritablePlaylist['entries'][number]): string[] => {
  const own = JSON.stringify(ownFieldsOf(entry))
  return [
    `#EXTINF:${entry.durationMs === undefined ? -1 : Math.round(entry.durationMs / 1000)},${shownOf(entry)}`,
    ...(entry.album === undefined ? [] : [`#EXTALB:${entry.album}`]),
    ...(own === '{}' ? [] : [ownDirective + own]),
    entry.location.startsWith('#') ? `./${entry.location}` : entry.location,
  ]
}

const shownOf = ({ artist, title }: FileEntry): string =>
  artist === undefined ? (title ?? '') : `${artist} - ${title ?? ''}`

/** What `#EXTINF` does not say or says in another way. */
const ownFieldsOf = (entry: FileEntry) => {
  const { artist, title, durationMs, isrc } = entry
  const shown = splitShown(shownOf(entry).trim())
  const isSplitAlike = shown.artist === artist && (shown.title || undefined) === title
  const track = trackIdentifierOf(entry.track)
  return {
    ...(isSplitAlike ? {} : { artist: artist ?? '', title: title ?? '' }),
    ...(durationMs === undefined || durationMs % 1000 === 0 ? {} : { durationMs }),
    ...(isrc === undefined ? {} : { isrc }),
    ...(track === undefined ? {} : { track }),
  }
}
