import type { OpenPlaylist } from '../../engine/playlists/playlists.ts'
import { counted, formatLength } from '../state/format-time.ts'

/** `12 songs · 48 min`. */
export const factsOfPlaylist = ({ entries, durationMs }: OpenPlaylist): string =>
  entries.length === 0 ? 'No songs yet' : `${counted(entries.length, 'song')} · ${formatLength(durationMs)}`
