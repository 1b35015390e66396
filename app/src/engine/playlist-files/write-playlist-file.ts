import { fitText, creditLine, type TrackReference } from '@tonestead/crdt/tracks/track-reference'
import { writeJspf } from './jspf/jspf.ts'
import { writeM3u } from './m3u/write-m3u.ts'
import { entryOf, textOf, type PlaylistFormat, type WritablePlaylist } from './playlist-file.ts'
import { writeXspf } from './xspf/write-xspf.ts'

/** A file for the person: `type` is its media type. */
export type WrittenFile = { readonly name: string; readonly type: string; readonly bytes: Uint8Array }

const mediaTypes: Readonly<Record<PlaylistFormat, string>> = {
  m3u8: 'audio/x-mpegurl',
  xspf: 'application/xspf+xml',
  jspf: 'application/json',
}
const writers: Readonly<Record<PlaylistFormat, (playlist: WritablePlaylist) => string>> = {
  m3u8: writeM3u,
  xspf: writeXspf,
  jspf: writeJspf,
}

/** [PF2] Writes a playlist of the account. Entries link to their track at `origin`, for example `https://music.example`. */
export const exportPlaylist = (
  { title, tracks }: { readonly title: string; readonly tracks: readonly TrackReference[] },
  { format, origin }: { readonly format: PlaylistFormat; readonly origin: string },
): WrittenFile => {
  const name = textOf(title)
  return writePlaylistFile(
    { ...(name === undefined ? {} : { title: name }), entries: tracks.map((track) => exportedEntry(track, origin)) },
    format,
  )
}

/** [PF2] Writes a playlist whose texts are those of `entryOf` and `textOf`. */
export const writePlaylistFile = (playlist: WritablePlaylist, format: PlaylistFormat): WrittenFile => ({
  name: `${fileNameOf(playlist.title ?? '')}.${format}`,
  type: mediaTypes[format],
  bytes: new TextEncoder().encode(writers[format](playlist)),
})

const exportedEntry = (track: TrackReference, origin: string): WritablePlaylist['entries'][number] => {
  const location = `${origin}/track/${track.trackId}`
  return {
    ...entryOf({
      location,
      title: track.title,
      artist: creditLine(track.credits),
      album: track.release.title,
      durationMs: track.durationMs,
      isrc: track.isrc,
      track: { serverId: track.serverId, trackId: track.trackId },
    }),
    location,
  }
}

/** A name that Windows, macOS and Linux permit. */
const fileNameOf = (title: string): string => {
  const permitted = title.replaceAll(/[\p{Cc}<>:"/\\|?*]+/gu, ' ').replaceAll(/\s+/g, ' ')
  return fitText(permitted, 100).replace(/^[. ]+|[. ]+$/g, '') || 'Playlist'
}
