import type { Bytes } from '@tonestead/protocol/bytes'
import { maxTracksOnDevice } from '@tonestead/protocol/search'
import type { Audience } from '@tonestead/protocol/audience'
import type { Clock } from '../ports/clock.ts'
import type { IndexSnapshots } from '../ports/index-snapshots.ts'
import type { SearchSource } from '../ports/search-source.ts'
import { decodeIndexFile, indexFileName, type IndexFile, type IndexHeader } from './index-file.ts'

/** `bytes` are undefined when the client has them already. `building`: the client should try again in a moment. */
export type DeviceSnapshot =
  | { readonly kind: 'ready'; readonly tag: string; readonly sequence: number; readonly bytes: Bytes | undefined }
  | { readonly kind: 'building' }
  | { readonly kind: 'too-large' }

export type DeviceSnapshotDeps = {
  readonly source: SearchSource
  readonly snapshots: IndexSnapshots
  readonly clock: Clock
  /** Starts a new build for this audience; does nothing when one is running. */
  readonly rebuild: (audience: Audience) => void
}

/** An older snapshot is correct too, together with the changes since. With more changes than this a new snapshot is cheaper. */
const maxChangesBehind = 2000
const maxAgeMs = 86_400_000

/** The indexes that devices download, one for each audience: the files that builds have written to disk. */
export const createDeviceSnapshots = ({ source, snapshots, clock, rebuild }: DeviceSnapshotDeps) => {
  /** The header of each audience's file, so that the file is not read for a client that has it already. */
  const headers = new Map<Audience, IndexHeader>()
  const read = async (audience: Audience): Promise<IndexFile | undefined> => {
    const bytes = await snapshots.read(indexFileName(audience))
    const file = bytes === undefined ? undefined : decodeIndexFile(bytes)
    const isOurs =
      file?.header.audience === audience && (await source.markAt(file.header.sequence)) === file.header.mark
    return isOurs ? file : undefined
  }
  return {
    /** A build has written a new file. */
    onBuilt: (header: IndexHeader): void => {
      headers.set(header.audience, header)
    },
    get: async (audience: Audience, knownTag: string | undefined): Promise<DeviceSnapshot> => {
      if ((await source.trackCount(audience)) > maxTracksOnDevice) return { kind: 'too-large' }
      const known = headers.get(audience)
      const file =
        known !== undefined && known.tag === knownTag ? { header: known, snapshot: undefined } : await read(audience)
      if (file === undefined) {
        rebuild(audience)
        return { kind: 'building' }
      }
      const { header, snapshot } = file
      headers.set(audience, header)
      const { sequence } = await source.newest()
      const isStale =
        sequence - header.sequence > maxChangesBehind ||
        (sequence > header.sequence && clock.now() - header.builtAt > maxAgeMs)
      if (isStale) rebuild(audience)
      return {
        kind: 'ready',
        tag: header.tag,
        sequence: header.sequence,
        bytes: header.tag === knownTag ? undefined : snapshot,
      }
    },
  }
}
export type DeviceSnapshots = ReturnType<typeof createDeviceSnapshots>
