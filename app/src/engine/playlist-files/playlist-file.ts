import { parseServerId, parseTrackId, type ServerId, type TrackId } from '@tonestead/crdt/ids'
import { fitText, isrcPattern } from '@tonestead/crdt/tracks/track-reference'

/** The formats that are read and written. `m3u` is read only: it has no rule for its characters. */
export const playlistFormats = ['m3u8', 'xspf', 'jspf'] as const
export type PlaylistFormat = (typeof playlistFormats)[number]

/**
 * One entry of a playlist file. `location`: a path or URL, as it was written. `track`: it came from a server like ours; from a link, the server is not
 * known. `durationMs` is whole and above 0. `isrc`: 12 characters.
 */
export type FileEntry = {
  readonly location?: string
  readonly title?: string
  readonly artist?: string
  readonly album?: string
  readonly durationMs?: number
  readonly isrc?: string
  readonly track?: { readonly serverId?: ServerId; readonly trackId: TrackId }
}
/** A playlist whose entries all say where they are. */
export type WritablePlaylist = {
  readonly title?: string
  readonly entries: readonly (FileEntry & { readonly location: string })[]
}

/** A playlist as a file says it. */
export type FilePlaylist = { readonly title?: string; readonly entries: readonly FileEntry[] }

/** [PF3] Limits of what is read. */
export const fileLimits = {
  bytes: 10_000_000,
  entries: 10_000,
  /** UTF-16 units of a title, name or album. */
  textUnits: 300,
  /** UTF-16 units of a path or URL; a longer one is left out. */
  locationUnits: 4_096,
  /** UTF-16 units of a line of M3U; a longer one is left out. */
  lineUnits: 16_384,
  /** Elements of XML inside each other. */
  depth: 16,
  /** Elements of XML in a file. */
  elements: 500_000,
  durationMs: 1_000_000_000,
} as const

/** What a format says about an entry, before it is checked. */
export type RawEntry = {
  readonly location?: string | undefined
  readonly title?: string | undefined
  readonly artist?: string | undefined
  readonly album?: string | undefined
  readonly durationMs?: number | undefined
  readonly isrc?: string | undefined
  readonly track?: FileEntry['track'] | undefined
}

/** [PF2] [PF3] An entry within the limits: texts on one line, without control characters; what is empty or invalid is left out. */
export const entryOf = (raw: RawEntry): FileEntry => {
  const location = locationOf(raw.location)
  const durationMs = Math.round(raw.durationMs ?? 0)
  const fields: { [K in keyof FileEntry]: FileEntry[K] | undefined } = {
    location,
    title: textOf(raw.title),
    artist: textOf(raw.artist),
    album: textOf(raw.album),
    durationMs: durationMs > 0 && durationMs <= fileLimits.durationMs ? durationMs : undefined,
    isrc: isrcOf(raw.isrc),
    track: raw.track ?? trackOfLink(location),
  }
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
}

/** A text on one line, within the limit; undefined when nothing is left. */
export const textOf = (text: string | undefined): string | undefined => {
  if (text === undefined) return undefined
  const line = oneLine(text.slice(0, 4 * fileLimits.textUnits))
  return fitText(line, fileLimits.textUnits).trim() || undefined
}

/** Characters that XML does not permit or that end a line become spaces; lone surrogates become U+FFFD. */
const oneLine = (text: string): string =>
  text
    .toWellFormed()
    .replaceAll(/[\p{Cc}\u2028\u2029\uFFFE\uFFFF]+/gu, ' ')
    .trim()

const locationOf = (location: string | undefined): string | undefined =>
  location === undefined || location.length > fileLimits.locationUnits ? undefined : oneLine(location) || undefined

const isrcOf = (isrc: string | undefined): string | undefined => {
  const code = isrc
    ?.slice(0, 32)
    .toUpperCase()
    .replaceAll(/[^A-Z0-9]/g, '')
  return code !== undefined && isrcPattern.test(code) ? code : undefined
}

/** A link to a track of a server like ours. */
const trackOfLink = (location: string | undefined): FileEntry['track'] => {
  const id = /^https?:\/\/[^/?#]+\/track\/([a-z2-7]{26})$/.exec(location ?? '')?.[1]
  return id === undefined ? undefined : { trackId: parseTrackId(id) }
}

/** [PF2] The identifiers of an entry in XSPF and JSPF. */
export const identifiersOf = ({ isrc, track }: FileEntry): string[] => {
  const own = trackIdentifierOf(track)
  return [...(isrc === undefined ? [] : [`urn:isrc:${isrc}`]), ...(own === undefined ? [] : [own])]
}

/** `tonestead:<server>/<track>`; undefined without a server. */
export const trackIdentifierOf = (track: FileEntry['track']): string | undefined =>
  track?.serverId === undefined ? undefined : `tonestead:${track.serverId}/${track.trackId}`

/** What the identifiers of an entry say. Others are ignored. */
export const readIdentifiers = (identifiers: readonly string[]): Pick<RawEntry, 'isrc' | 'track'> => {
  const isrc = identifiers
    .map((text) => /^(?:urn:)?isrc:(.{12,20})$/i.exec(text)?.[1])
    .find((code) => code !== undefined)
  const track = identifiers.map(readTrackIdentifier).find((found) => found !== undefined)
  return { isrc, track }
}

/** The inverse of `trackIdentifierOf`; undefined for another text. */
export const readTrackIdentifier = (text: string): FileEntry['track'] => {
  const parts = /^tonestead:([A-Za-z0-9_-]{22})\/([a-z2-7]{26})$/.exec(text)
  return parts?.[1] === undefined || parts[2] === undefined
    ? undefined
    : { serverId: parseServerId(parts[1]), trackId: parseTrackId(parts[2]) }
}
