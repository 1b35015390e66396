import type { ServerId } from '@tonestead/crdt/ids'
import { parseDurationMs } from '@tonestead/crdt/instant'
import { fitReference, type TrackReference } from '@tonestead/crdt/tracks/track-reference'
import type { Track } from '@tonestead/protocol/catalog'

/** A track of the catalog as documents remember it, within their limits. */
export const referenceOfTrack = (track: Track, serverId: ServerId): TrackReference =>
  fitReference({
    serverId,
    trackId: track.id,
    recordingId: track.recordingId,
    title: track.title,
    credits: track.credits.map(({ name, join }) => ({ name, join })),
    release: { id: track.release.id, title: track.release.title },
    durationMs: parseDurationMs(track.durationMs),
    ...(track.isrc === undefined ? {} : { isrc: track.isrc }),
  })
