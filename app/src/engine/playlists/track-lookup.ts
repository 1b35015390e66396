import type { ServerId, TrackId } from '@tonestead/crdt/ids'
import { availabilityOf } from '@tonestead/crdt/tracks/match-track'
import type { TrackReference } from '@tonestead/crdt/tracks/track-reference'
import type { Track } from '@tonestead/protocol/catalog'
import type { Clock } from '../../ports/clock.ts'
import type { Log } from '../../ports/log.ts'
import { createCell } from '../cell.ts'
import type { Library } from '../library/library.ts'
import type { Readable } from '../readable.ts'
import type { KnownTracks, Playlists } from './playlists.ts'

type Deps = {
  readonly library: Pick<Library, 'tracksById'>
  /** The id of the server of this page; undefined until it is known. */
  readonly serverId: Readable<ServerId | undefined>
  readonly isOnline: Readable<boolean>
  readonly clock: Clock
  readonly log: Log
}
type Lookup = Pick<Playlists, 'known' | 'want' | 'load'>

const mostPerRequest = 50
/** Requests for a playback at one time. */
const mostRequests = 4
/** Parts of the page change what they want while a list is scrolled: only what is wanted after this pause is requested. */
const restMs = 60

/** The tracks that playlists refer to, of the catalog of this server. */
export const createTrackLookup = (deps: Deps): Lookup => {
  const { serverId, isOnline, clock, log } = deps
  const tracks = new Map<TrackId, Track | 'gone'>()
  const known = createCell(snapshotOf(tracks, serverId.get()))
  const wanted = new Map<string, readonly TrackReference[]>()
  let isRunning = false
  const publish = (): void => known.set(snapshotOf(tracks, serverId.get()))
  serverId.subscribe(publish)

  const isMissing = (reference: TrackReference): boolean =>
    reference.serverId === serverId.get() && typeof tracks.get(reference.trackId) !== 'object'
  const request = async (ids: readonly TrackId[], signal: AbortSignal): Promise<boolean> => {
    const answer = await deps.library.tracksById(ids, signal)
    if (answer.kind !== 'ready') return false
    for (const track of answer.value) tracks.set(track.id, track)
    // Without the server, the answer has only what is kept on this device.
    if (isOnline.get()) for (const id of ids) if (!tracks.has(id)) tracks.set(id, 'gone')
    publish()
    return isOnline.get()
  }
  const nextWanted = (): TrackId[] => {
    const all = [...wanted.values()].toReversed().flat()
    return idsOf(all.filter((reference) => isMissing(reference) && !tracks.has(reference.trackId)))
  }
  const run = async (): Promise<void> => {
    if (isRunning) return
    isRunning = true
    const { signal } = new AbortController()
    try {
      let hasAnswered = true
      while (hasAnswered) {
        await clock.after(restMs, signal)
        const ids = nextWanted().slice(0, mostPerRequest)
        hasAnswered = ids.length > 0 && (await request(ids, signal))
      }
    } finally {
      isRunning = false
    }
  }
  return {
    known,
    want: (by, references) => {
      wanted.delete(by)
      if (references.length > 0) wanted.set(by, references)
      if (nextWanted().length > 0) void run().catch(log.failed('the tracks of a playlist were not loaded'))
    },
    load: async (references, signal) => {
      const batches = batchesOf(idsOf(references.filter(isMissing)))
      for (let first = 0; first < batches.length && !signal.aborted; first += mostRequests)
        await Promise.all(batches.slice(first, first + mostRequests).map((ids) => request(ids, signal)))
      return references.flatMap((reference) => known.get().trackOf(reference) ?? [])
    },
  }
}

const snapshotOf = (tracks: ReadonlyMap<TrackId, Track | 'gone'>, serverId: ServerId | undefined): KnownTracks => ({
  trackOf: (reference) => {
    const track = reference.serverId === serverId ? tracks.get(reference.trackId) : undefined
    return track === 'gone' ? undefined : track
  },
  availabilityOf: (reference) =>
    serverId === undefined
      ? { kind: 'known' }
      : availabilityOf(reference, {
          serverId,
          standingOf: (id) => {
            const track = tracks.get(id)
            if (track === undefined) return 'unknown'
            return track === 'gone' ? 'gone' : 'present'
          },
        }),
})

const idsOf = (references: readonly TrackReference[]): TrackId[] => [
  ...new Set(references.map(({ trackId }) => trackId)),
]

const batchesOf = (ids: readonly TrackId[]): TrackId[][] =>
  Array.from({ length: Math.ceil(ids.length / mostPerRequest) }, (_, batch) =>
    ids.slice(batch * mostPerRequest, (batch + 1) * mostPerRequest),
  )
