import { parseArtistId, parseEntryId, parseReleaseId } from '../ids.ts'
import { catalogIdPattern, createPackedText, isCount, isTextLike } from '../documents/packed-text.ts'
import type { Context, QueueEntry } from '../queue.ts'
import { readReference, referenceFields } from '../tracks/reference-fields.ts'
import type { TrackReference } from '../tracks/track-reference.ts'

/** What an entry of the queue holds beside its id. `contextOrder`: index in the context before shuffling. */
export type QueueItem = {
  readonly track: TrackReference
  readonly origin: QueueEntry['origin']
  readonly contextOrder: number
}

const maxContextOrder = 10_000_000

/** [DC4] Fields: `person` or `context`, the index in the context, then those of the reference. */
export const packedQueueEntry = createPackedText<QueueItem>(
  ({ track, origin, contextOrder }) => [origin, contextOrder, ...referenceFields(track)],
  ([origin, contextOrder, ...fields]) => {
    const track = readReference(fields)
    if (track === undefined || !isCount(contextOrder, maxContextOrder)) return undefined
    return origin === 'person' || origin === 'context' ? { track, origin, contextOrder } : undefined
  },
)

/** [DC4] Fields: the kind, and the id of a release, an artist or a playlist. */
export const packedContext = createPackedText<Context>(
  (context) => (context.kind === 'tracks' ? ['tracks'] : [context.kind, context.id]),
  ([kind, id]) => {
    if (kind === 'tracks') return { kind }
    if (!isTextLike(id, catalogIdPattern)) return undefined
    if (kind === 'playlist') return { kind, id: parseEntryId(id) }
    if (kind === 'release') return { kind, id: parseReleaseId(id) }
    return kind === 'artist' ? { kind, id: parseArtistId(id) } : undefined
  },
)
