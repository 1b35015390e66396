import type { Log } from '../ports/log.ts'
import type { AccountService } from './account/account.ts'
import type { AccountMembership } from './account/membership.ts'
import type { LaterDevices } from './devices/devices.ts'
import type { Diagnostics } from './diagnostics/diagnostics.ts'
import type { DocumentService } from './documents/documents.ts'
import type { IngestMonitor } from './ingest/ingest-monitor.ts'
import type { Library } from './library/library.ts'
import type { History } from './listening/history.ts'
import type { People } from './people/people.ts'
import type { Player } from './playback/player.ts'
import type { Playlists } from './playlists/playlists.ts'
import type { PlaylistImport } from './playlist-files/playlist-import.ts'
import type { Readable } from './readable.ts'
import type { SavedMusic } from './saved/saved-music.ts'
import type { Search } from './search/search.ts'
import type { SettingsStore } from './settings/settings.ts'
import type { Uploads } from './uploads/uploads.ts'

/** Everything that the UI uses. `main.tsx` makes one; stories and tests make others. */
export type Services = {
  readonly player: Player
  readonly devices: LaterDevices
  readonly library: Library
  readonly search: Search
  readonly account: AccountService
  readonly loadMembership: () => Promise<AccountMembership>
  readonly documents: DocumentService
  readonly playlists: Playlists
  readonly saved: SavedMusic
  readonly history: History
  readonly playlistImport: PlaylistImport
  /** The people of shared playlists: loaded when somebody shares, joins or looks at one. The same promise each time. */
  readonly people: () => Promise<People>
  readonly ingest: IngestMonitor
  readonly uploads: Uploads
  readonly settings: SettingsStore
  /** For failures in the UI; `log.child('ui')` names the part. */
  readonly log: Log
  readonly diagnostics: Diagnostics
  /** Whether the server answered the last request. */
  readonly isOnline: Readable<boolean>
  /** `ready`: the service worker controls the page. `updating`: a new version waits until nothing plays. */
  readonly shell: Readable<'starting' | 'ready' | 'updating' | 'unavailable'>
}
