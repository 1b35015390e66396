import type { DocumentService } from '../../engine/documents/documents.ts'
import { createPeople } from '../../engine/people/create-people.ts'
import type { People } from '../../engine/people/people.ts'
import type { Playlists } from '../../engine/playlists/playlists.ts'
import { createSeededRandom } from '../../platform/system/seeded-random.ts'
import { systemClock } from '../../platform/system/system-clock.ts'

/** The real feature over documents in memory. There is no relay, so nothing can be shared. */
export const createFakePeople = (documents: DocumentService, playlists: Playlists): (() => Promise<People>) => {
  const people = createPeople({
    documents,
    playlists,
    clock: systemClock,
    random: createSeededRandom(11),
    origin: 'https://music.example',
    personal: 'o'.repeat(52),
  })
  return () => Promise.resolve(people)
}
