import {
  parseArtistId,
  parseChunkId,
  parseReleaseId,
  parseServerId,
  type ArtistId,
  type ChunkId,
  type ReleaseId,
  type ServerId,
} from '../ids.ts'
import { parseUnixMs, type UnixMs } from '../instant.ts'
import { maxReferenceTitleUnits } from '../documents/document-limits.ts'
import {
  catalogIdPattern,
  createPackedText,
  isCount,
  isShortText,
  isTextLike,
  maxMs,
  serverIdPattern,
} from '../documents/packed-text.ts'
import { readCredits, readReference, referenceFields } from '../tracks/reference-fields.ts'
import type { CreditName, TrackReference } from '../tracks/track-reference.ts'

/** A track that a person saved. */
export type SavedTrack = { readonly savedAt: UnixMs; readonly track: TrackReference }
/** A release that a person saved, with what a card shows without its server. */
export type SavedRelease = {
  readonly savedAt: UnixMs
  readonly serverId: ServerId
  readonly releaseId: ReleaseId
  readonly title: string
  readonly credits: readonly CreditName[]
  readonly year?: number
  readonly coverId?: ChunkId
}
/** An artist that a person saved. */
export type SavedArtist = {
  readonly savedAt: UnixMs
  readonly serverId: ServerId
  readonly artistId: ArtistId
  readonly name: string
}

const maxYear = 9_999

/** [DC4] Fields: instant, then those of the reference. */
export const packedTrack = createPackedText<SavedTrack>(
  ({ savedAt, track }) => [savedAt, ...referenceFields(track)],
  ([savedAt, ...fields]) => {
    const track = readReference(fields)
    return track === undefined || !isCount(savedAt, maxMs) ? undefined : { savedAt: parseUnixMs(savedAt), track }
  },
)

/** [DC4] Fields: instant, server id, release id, title, credits, year or 0, cover id or an empty text. */
export const packedRelease = createPackedText<SavedRelease>(
  (saved) => [
    saved.savedAt,
    saved.serverId,
    saved.releaseId,
    saved.title,
    saved.credits.map(({ name, join }) => [name, join]),
    saved.year ?? 0,
    saved.coverId ?? '',
  ],
  ([savedAt, server, release, title, credits, year, cover]) => {
    const names = readCredits(credits)
    if (names === undefined || !isCount(savedAt, maxMs) || !isCount(year, maxYear)) return undefined
    if (!isTextLike(server, serverIdPattern) || !isTextLike(release, catalogIdPattern)) return undefined
    if (!isShortText(title, maxReferenceTitleUnits) || !isTextLike(cover, /^(?:[0-9a-f]{64})?$/)) return undefined
    return {
      savedAt: parseUnixMs(savedAt),
      serverId: parseServerId(server),
      releaseId: parseReleaseId(release),
      title,
      credits: names,
      ...(year === 0 ? {} : { year }),
      ...(cover === '' ? {} : { coverId: parseChunkId(cover) }),
    }
  },
)

/** [DC4] Fields: instant, server id, artist id, name. */
export const packedArtist = createPackedText<SavedArtist>(
  ({ savedAt, serverId, artistId, name }) => [savedAt, serverId, artistId, name],
  ([savedAt, server, artist, name]) => {
    if (!isCount(savedAt, maxMs) || !isTextLike(server, serverIdPattern)) return undefined
    if (!isTextLike(artist, catalogIdPattern) || !isShortText(name, maxReferenceTitleUnits)) return undefined
    return {
      savedAt: parseUnixMs(savedAt),
      serverId: parseServerId(server),
      artistId: parseArtistId(artist),
      name,
    }
  },
)
