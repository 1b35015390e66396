import { parseAccountId, parseChunkId, parseEntryId, parseServerId, type AccountId, type ChunkId } from '../ids.ts'
import type { EntryId, ServerId } from '../ids.ts'
import { parseUnixMs, type UnixMs } from '../instant.ts'
import {
  catalogIdPattern,
  createPackedText,
  isCount,
  isTextLike,
  keyIdPattern,
  maxMs,
  serverIdPattern,
} from '../documents/packed-text.ts'
import { readReference, referenceFields } from '../tracks/reference-fields.ts'
import type { TrackReference } from '../tracks/track-reference.ts'

/** What an entry of a playlist holds: the track, who added it and when. */
export type PlaylistItem = { readonly track: TrackReference; readonly by: AccountId; readonly addedAt: UnixMs }

/** The cover that a person chose: that of an entry's release, or a cover on a media server. */
export type PlaylistCover =
  | { readonly kind: 'entry'; readonly entry: EntryId }
  | { readonly kind: 'picture'; readonly serverId: ServerId; readonly coverId: ChunkId }

/** [DC4] Fields: account, instant, then those of the reference. */
export const packedPlaylistEntry = createPackedText<PlaylistItem>(
  ({ track, by, addedAt }) => [by, addedAt, ...referenceFields(track)],
  ([by, addedAt, ...fields]) => {
    const track = readReference(fields)
    if (track === undefined || !isTextLike(by, keyIdPattern) || !isCount(addedAt, maxMs)) return undefined
    return { track, by: parseAccountId(by), addedAt: parseUnixMs(addedAt) }
  },
)

/** [DC4] Fields: `entry` and the entry id, or `picture`, server id and cover id. */
export const packedCover = createPackedText<PlaylistCover>(
  (cover) => (cover.kind === 'entry' ? ['entry', cover.entry] : ['picture', cover.serverId, cover.coverId]),
  ([kind, first, second]) => {
    if (kind === 'entry' && isTextLike(first, catalogIdPattern)) return { kind, entry: parseEntryId(first) }
    if (kind !== 'picture' || !isTextLike(first, serverIdPattern) || !isTextLike(second, /^[0-9a-f]{64}$/))
      return undefined
    return { kind, serverId: parseServerId(first), coverId: parseChunkId(second) }
  },
)
