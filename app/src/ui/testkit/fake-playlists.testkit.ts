import { parseServerId, type EntryId } from '@tonestead/crdt/ids'
import type { Track } from '@tonestead/protocol/catalog'
import type { AccountView } from '../../engine/account/account.ts'
import type { DocumentService } from '../../engine/documents/documents.ts'
import type { Library } from '../../engine/library/library.ts'
import { createPlaylists } from '../../engine/playlists/create-playlists.ts'
import type { Playlists } from '../../engine/playlists/playlists.ts'
import { createUnavailablePlaylists } from '../../engine/playlists/unavailable-playlists.ts'
import type { Readable } from '../../engine/readable.ts'
import { createSeededRandom } from '../../platform/system/seeded-random.ts'
import { silentLog } from '../../platform/system/silent-log.ts'
import { systemClock } from '../../platform/system/system-clock.ts'
import { createStore } from '../state/store.ts'
import type { FakeCatalog } from './fake-catalog.testkit.ts'

const loading = createStore<{ readonly kind: 'loading' }>({ kind: 'loading' })
const serverId = parseServerId('M'.repeat(22))
const formerServer = parseServerId('F'.repeat(22))

type Parts = {
  readonly documents: DocumentService
  readonly library: Library
  readonly catalog: FakeCatalog
  readonly account: Readable<AccountView>
  readonly isOnline: Readable<boolean>
  readonly situation: string
}

/** The real feature over documents in memory, with some playlists and folders. Their ids are the same on every run. */
export const createFakePlaylists = ({ catalog, situation, ...parts }: Parts): Playlists => {
  if (situation === 'visitor' || situation === 'insecure' || situation === 'storage')
    return createUnavailablePlaylists(situation === 'visitor' ? 'not-begun' : 'not-supported')
  const known = createStore(serverId)
  const playlists = createPlaylists({
    ...parts,
    account: parts.account,
    serverId: known,
    findCandidates: (reference) => Promise.resolve(catalog.tracks.filter((track) => track.title === reference.title)),
    clock: systemClock,
    random: createSeededRandom(7),
    log: silentLog,
  })
  if (situation === 'loading') return { ...playlists, tree: loading, playlist: () => loading }
  if (situation !== 'empty') void fill(playlists, catalog, known).catch(silentLog.failed('the playlists were not made'))
  return playlists
}

const fill = async (
  playlists: Playlists,
  catalog: FakeCatalog,
  known: { set(id: typeof serverId): void },
): Promise<void> => {
  const from = (first: number, count: number, step = 37): Track[] =>
    Array.from({ length: count }, (_, index) => catalog.tracks[(first + index * step) % catalog.tracks.length]).filter(
      (track) => track !== undefined,
    )
  const create = async (title: string, tracks: readonly Track[], folder?: EntryId): Promise<EntryId | undefined> => {
    const made = await playlists.create({ title, tracks, folder })
    return made.kind === 'created' ? made.id : undefined
  }
  const friday = await create('Friday', from(100, 12))
  if (friday !== undefined) {
    await playlists.describe(friday, 'For the long table: starts quiet, ends on the terrace.')
    // Two tracks of a server that is no more, and one that this server does not have any more.
    known.set(formerServer)
    await playlists.addTracks(friday, from(900, 2))
    known.set(serverId)
    const [gone] = from(1_200, 1)
    if (gone !== undefined) await playlists.addTracks(friday, [{ ...gone, id: gone.recordingId as never }])
  }
  const folder = await playlists.createFolder('Rehearsals')
  if (folder.kind === 'created') {
    await create('Choir, spring concert', from(3_000, 8), folder.id)
    await create('Trio', from(4_000, 3), folder.id)
  }
  await create('Empty for now', [])
  await create(
    'A playlist with a very long name that somebody gave it for the drive along the coast in September',
    from(50, 40),
  )
  await create('Everything', from(0, 10_000, 1))
}
