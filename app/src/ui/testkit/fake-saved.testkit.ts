import { parseServerId, type ServerId } from '@tonestead/crdt/ids'
import { parseUnixMs } from '@tonestead/crdt/instant'
import type { LibraryIntent } from '@tonestead/crdt/library/library-intent'
import type { DocumentService } from '../../engine/documents/documents.ts'
import { newIntentId } from '../../engine/documents/new-intent-id.ts'
import * as savedChanges from '../../engine/saved/change-saved.ts'
import { createSavedMusic } from '../../engine/saved/create-saved-music.ts'
import { saveIntent } from '../../engine/saved/save-intent.ts'
import type { Savable, SavedMusic } from '../../engine/saved/saved-music.ts'
import { createSeededRandom } from '../../platform/system/seeded-random.ts'
import { systemClock as clock } from '../../platform/system/system-clock.ts'
import { createStore } from '../state/store.ts'
import type { FakeCatalog } from './fake-catalog.testkit.ts'

export const fakeServerId = parseServerId('MeadowHouseServer00000')
const otherServerId = parseServerId('AnotherServer000000000')
const savedAt = parseUnixMs(1_795_000_000_000)

/** Saved music over documents in memory. Some is saved already: also things of another server, and a track that this one does not have any more. */
export const createFakeSaved = (
  documents: DocumentService,
  { releases, artists }: FakeCatalog,
  isEmpty: boolean,
): SavedMusic => {
  const random = createSeededRandom(1)
  const put = (thing: Savable, serverId: ServerId, minutes: number): void => {
    const at = parseUnixMs(savedAt + minutes * 60_000)
    const intent: LibraryIntent = saveIntent(thing, { id: newIntentId(random), serverId, savedAt: at })
    void documents.edit({ address: { kind: 'library', shards: 1, shard: 0 } }, intent)
  }
  const some = isEmpty ? [] : releases.slice(0, 12)
  for (const [index, release] of some.entries()) {
    put({ section: 'releases', release }, index === 3 ? otherServerId : fakeServerId, index)
    for (const track of release.tracks.slice(0, 3))
      put({ section: 'tracks', track }, index === 3 ? otherServerId : fakeServerId, index)
  }
  const [first] = some[0]?.tracks ?? []
  if (first !== undefined) {
    const gone = { ...first, id: `gone${first.id.slice(4)}` as typeof first.id, title: 'Gone with the Old Disk' }
    put({ section: 'tracks', track: gone }, fakeServerId, 99)
  }
  for (const [index, artist] of (isEmpty ? [] : artists.slice(0, 5)).entries())
    put({ section: 'artists', artist }, index === 1 ? otherServerId : fakeServerId, index)
  const saved = createSavedMusic({
    loadChanges: () => Promise.resolve(savedChanges),
    documents,
    serverId: createStore<ServerId | undefined>(fakeServerId),
    clock,
    random,
  })
  // As if some time had passed since the page was opened.
  saved.start()
  return saved
}
