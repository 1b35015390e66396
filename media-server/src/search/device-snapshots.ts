import type { Bytes } from '@tonestead/protocol/bytes'
import { maxTracksOnDevice } from '@tonestead/protocol/search'
import type { Audience } from '@tonestead/protocol/audience'
import type { Clock } from '../ports/clock.ts'
import type { IndexSnapshots } from '../ports/index-snapshots.ts'
import type { SearchSource } from '../ports/search-source.ts'
import { decodeKeptIndex, keptName, type AboutIndex, type KeptIndex } from './kept-index.ts'

/** `bytes` are left out where the asker has them. making: ask again in a moment. */
export type DeviceSnapshot =
  | { readonly kind: 'ready'; readonly tag: string; readonly sequence: number; readonly bytes: Bytes | undefined }
  | { readonly kind: 'making' }
  | { readonly kind: 'too-large' }

export type DeviceSnapshotDeps = {
  readonly source: SearchSource
  readonly snapshots: IndexSnapshots
  readonly clock: Clock
  /** Begins to make a new one for this audience; does nothing where that is under way. */
  readonly renew: (audience: Audience) => void
}

/** An older one is right as well, with the changes since; these many are better told anew. */
const mostLinesBehind = 2000
const oldestMs = 86_400_000

/** The indexes that devices take, of what each audience may see: the files that builds leave on disk. */
export const createDeviceSnapshots = ({ source, snapshots, clock, renew }: DeviceSnapshotDeps) => {
  /** What is known of the file of each audience, so that it need not be read for those who have it. */
  const known = new Map<Audience, AboutIndex>()
  const read = async (audience: Audience): Promise<KeptIndex | undefined> => {
    const bytes = await snapshots.read(keptName(audience))
    const kept = bytes === undefined ? undefined : decodeKeptIndex(bytes)
    const isOurs = kept?.about.audience === audience && (await source.markAt(kept.about.sequence)) === kept.about.mark
    return isOurs ? kept : undefined
  }
  return {
    /** A build has left a new file. */
    made: (about: AboutIndex): void => {
      known.set(about.audience, about)
    },
    get: async (audience: Audience, knownTag: string | undefined): Promise<DeviceSnapshot> => {
      if ((await source.trackCount(audience)) > maxTracksOnDevice) return { kind: 'too-large' }
      const about = known.get(audience)
      const kept = about !== undefined && about.tag === knownTag ? { about, snapshot: undefined } : await read(audience)
      if (kept === undefined) {
        renew(audience)
        return { kind: 'making' }
      }
      known.set(audience, kept.about)
      const { sequence } = await source.newest()
      const isStale =
        sequence - kept.about.sequence > mostLinesBehind ||
        (sequence > kept.about.sequence && clock.now() - kept.about.builtAt > oldestMs)
      if (isStale) renew(audience)
      return {
        kind: 'ready',
        tag: kept.about.tag,
        sequence: kept.about.sequence,
        bytes: kept.about.tag === knownTag ? undefined : kept.snapshot,
      }
    },
  }
}
export type DeviceSnapshots = ReturnType<typeof createDeviceSnapshots>
