import type { AccountId } from '@tonestead/crdt/ids'
import { personalCollectionId } from '@tonestead/protocol/sync/derived-ids'
import { createPeople, type PeopleDeps } from './engine/people/create-people.ts'
import type { People } from './engine/people/people.ts'
import { systemClock as clock } from './platform/system/system-clock.ts'
import { systemRandom as random } from './platform/system/system-random.ts'

// Composition root of the people of shared playlists. It is loaded when they are wanted (create-services.ts).

export const peopleInPage = (account: AccountId, parts: Pick<PeopleDeps, 'documents' | 'playlists'>): People =>
  createPeople({ ...parts, clock, random, origin: location.origin, personal: personalCollectionId(account) })
