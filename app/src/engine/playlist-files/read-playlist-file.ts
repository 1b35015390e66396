import { readJspf } from './jspf/jspf.ts'
import { readM3u } from './m3u/read-m3u.ts'
import { fileLimits, type FilePlaylist } from './playlist-file.ts'
import type { ReadFormat } from './read-format.ts'
import { readXspf } from './xspf/read-xspf.ts'

/** Why a file cannot be read as a playlist. */
export type Unreadable = 'too-large' | 'not-a-playlist' | 'broken' | 'empty'
/** `leftOut`: entries beyond the limits, which are not in the playlist. */
export type ReadPlaylistFile =
  | { readonly kind: 'read'; readonly playlist: FilePlaylist; readonly leftOut: number }
  | { readonly kind: 'unreadable'; readonly reason: Unreadable }

/** [PF1] [PF3] Reads M3U, M3U8, XSPF or JSPF. What the file is, its beginning says; only M3U may need the name. It never throws. */
export const readPlaylistFile = ({
  name,
  bytes,
}: {
  readonly name: string
  readonly bytes: Uint8Array
}): ReadPlaylistFile => {
  if (bytes.length > fileLimits.bytes) return { kind: 'unreadable', reason: 'too-large' }
  const text = decode(bytes)
  if (text.includes('\0')) return { kind: 'unreadable', reason: 'not-a-playlist' }
  const read = readAs(text, name)
  if (read.kind !== 'read') return { kind: 'unreadable', reason: read.kind }
  return read.playlist.entries.length === 0 ? { kind: 'unreadable', reason: 'empty' } : read
}

const readAs = (text: string, name: string): ReadFormat => {
  const first = /\S/.exec(text)?.[0]
  if (first === '<') return readXspf(text)
  if (first === '{') return readJspf(text)
  return readM3u(text, /\.m3u8?$/i.test(name))
}

/** [PF4] By the byte order mark, else UTF-8; what is no UTF-8 is Windows-1252, which has Latin-1 in it and which old players wrote. */
const decode = (bytes: Uint8Array): string => {
  const mark = [bytes[0], bytes[1]].join()
  if (mark === '255,254') return new TextDecoder('utf-16le').decode(bytes)
  if (mark === '254,255') return new TextDecoder('utf-16be').decode(bytes)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    // Not UTF-8.
    return new TextDecoder('windows-1252').decode(bytes)
  }
}
