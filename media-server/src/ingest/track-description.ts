import type { RawTags } from '../ports/tag-reader.ts'
import type { NamedCredit, TrackDescription } from '../ports/source-facts.ts'
import { readCredits } from './artist-credits.ts'
import { cleanText, nameKey } from './clean-text.ts'
import { namesFromPath, type PathNames } from './names-from-path.ts'

type ReleaseType = TrackDescription['release']['type']

export const variousArtists: NamedCredit = { name: 'Various Artists', join: '', musicBrainzId: undefined }
export const unknownArtist: NamedCredit = { name: 'Unknown Artist', join: '', musicBrainzId: undefined }

/** Describes a track and its release: by tags where they are valid, else by file and folder names. */
export const describeTrack = (tags: RawTags | undefined, name: string): TrackDescription => {
  const raw = tags ?? {}
  const path = namesFromPath(name)
  const title = cleanText(raw.title) ?? path.title
  const credits = creditsOf(raw, path)
  return {
    title,
    credits,
    disc: validPosition(raw.disc) ?? path.disc ?? 1,
    position: validPosition(raw.position) ?? path.position,
    isrc: (raw.isrc ?? []).map(readIsrc).find((isrc) => isrc !== undefined),
    musicBrainzId: readMbid(raw.recordingMbid),
    release: describeRelease(raw, { path, title, credits }),
  }
}

type Context = { readonly path: PathNames; readonly title: string; readonly credits: readonly NamedCredit[] }

const describeRelease = (raw: RawTags, { path, title, credits }: Context): TrackDescription['release'] => {
  const album = cleanText(raw.album) ?? path.album
  const own = readCredits({
    line: cleanText(raw.albumArtist),
    names: cleanAll(raw.albumArtists),
    musicBrainzIds: mbids(raw.albumArtistMbids),
  })
  const isCompilation =
    raw.isCompilation === true || (own[0] !== undefined && nameKey(own[0].name) === 'various artists')
  const hasOwnCredits = own.length > 0 || isCompilation
  const shared = isCompilation ? [variousArtists] : credits
  return {
    title: album ?? title,
    credits: own.length > 0 ? own : shared,
    hasOwnCredits,
    type: isCompilation ? 'compilation' : (typeOf(raw.releaseTypes) ?? guessType(album)),
    year: readYear(raw.year),
    label: cleanText(raw.label),
    barcode: readBarcode(raw.barcode),
    musicBrainzId: readMbid(raw.releaseMbid),
    folder: hasOwnCredits && raw.album !== undefined ? undefined : path.folder,
  }
}

const guessType = (album: string | undefined): ReleaseType => (album === undefined ? 'single' : 'album')

const creditsOf = (raw: RawTags, path: PathNames): readonly NamedCredit[] => {
  const tagged = readCredits({
    line: cleanText(raw.artist, 1000),
    names: cleanAll(raw.artists),
    musicBrainzIds: mbids(raw.artistMbids),
  })
  if (tagged.length > 0) return tagged
  const fromAlbum = readCredits({
    line: cleanText(raw.albumArtist),
    names: cleanAll(raw.albumArtists),
    musicBrainzIds: mbids(raw.albumArtistMbids),
  })
  if (fromAlbum.length > 0) return fromAlbum
  return path.artist === undefined ? [unknownArtist] : readCredits({ line: path.artist, names: [], musicBrainzIds: [] })
}

const cleanAll = (names: readonly string[] | undefined): readonly string[] =>
  (names ?? []).flatMap((name) => cleanText(name) ?? [])
const mbids = (ids: readonly string[] | undefined): readonly string[] => (ids ?? []).flatMap((id) => readMbid(id) ?? [])

const validPosition = (value: number | undefined): number | undefined =>
  value !== undefined && Number.isInteger(value) && value > 0 && value < 10_000 ? value : undefined
const readYear = (value: number | undefined): number | undefined =>
  value !== undefined && Number.isInteger(value) && value >= 1000 && value < 2200 ? value : undefined

const typeOf = (types: readonly string[] | undefined): ReleaseType | undefined =>
  (['compilation', 'ep', 'single', 'album'] as const).find((type) =>
    (types ?? []).some((tagged) =>
      tagged
        .toLowerCase()
        .split(/[;,/ ]+/)
        .includes(type),
    ),
  )

/** ISO 3901: two letters, three letters or digits, seven digits; hyphens are ignored. */
export const readIsrc = (text: string): string | undefined => {
  const bare = text.replaceAll(/[-\s]/g, '').toUpperCase()
  return /^[A-Z]{2}[A-Z0-9]{3}\d{7}$/.test(bare) ? bare : undefined
}

const readMbid = (text: string | undefined): string | undefined => {
  const bare = text?.trim().toLowerCase() ?? ''
  return /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/.test(bare) ? bare : undefined
}

/** GTIN of 8, 12, 13 or 14 digits with a valid check digit (GS1 General Specifications, 7.9). */
export const readBarcode = (text: string | undefined): string | undefined => {
  const bare = text?.replaceAll(/[-\s]/g, '') ?? ''
  if (!/^(?:\d{8}|\d{12,14})$/.test(bare)) return undefined
  const sum = bare
    .split('')
    .reverse()
    .reduce((total, digit, index) => total + Number(digit) * (index % 2 === 0 ? 1 : 3), 0)
  return sum % 10 === 0 ? bare : undefined
}
