import type { ServerId } from '@tonestead/crdt/ids'
import type { DocumentService } from './engine/documents/documents.ts'
import type { Readable } from './engine/readable.ts'
import { createSavedMusic } from './engine/saved/create-saved-music.ts'
import type { SavedMusic } from './engine/saved/saved-music.ts'
import type { ServerConnection } from './engine/server/server-connection.ts'
import { createServerIdView } from './engine/server/server-id-view.ts'
import { createPersonalSettings, type PersonalSettings } from './engine/settings/personal-settings.ts'
import { createSettings } from './engine/settings/create-settings.ts'
import { systemClock as clock } from './platform/system/system-clock.ts'
import { systemRandom as random } from './platform/system/system-random.ts'
import type { Log } from './ports/log.ts'
import type { ValueStore } from './ports/value-store.ts'

// Composition root of what belongs to the person: saved music and settings, in documents of the account.

type PersonalParts = {
  readonly documents: DocumentService
  readonly server: ServerConnection
  readonly values: ValueStore
  readonly log: Log
}
type Personal = {
  readonly serverId: Readable<ServerId | undefined>
  readonly saved: SavedMusic
  readonly settings: PersonalSettings
}

/** Reads the settings of this device; the documents are read later, by `begin` and `start`. */
export const wirePersonal = async ({ documents, server, values, log: root }: PersonalParts): Promise<Personal> => {
  const log = root.child('settings')
  const store = await createSettings(values, log)
  const serverId = createServerIdView(server.server)
  return {
    serverId,
    saved: createSavedMusic({
      ...{ documents, serverId, clock, random },
      loadChanges: () => import('./engine/saved/change-saved.ts'),
    }),
    settings: createPersonalSettings({ store, documents, values, random, log }),
  }
}
