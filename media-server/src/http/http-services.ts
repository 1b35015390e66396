import type { IncomingMessage, ServerResponse } from 'node:http'
import type { SigningJwk } from '@tonestead/protocol/device-log'
import type { LicenseGrant } from '@tonestead/protocol/license'
import type { ServerInfo } from '@tonestead/protocol/server-info'
import type { Logger } from 'pino'
import type { ClaimCodes } from '../accounts/claim-codes.ts'
import type { OpenRequests } from '../accounts/open-requests.ts'
import type { Pairings } from '../accounts/pairings.ts'
import type { Caller, Sessions } from '../accounts/sessions.ts'
import type { HlsCapabilities } from '../licensing/hls-capability.ts'
import type { HlsFiles } from '../licensing/hls-files.ts'
import type { CatalogHealth } from '../backups/catalog-care.ts'
import type { AccountStore } from '../ports/account-store.ts'
import type { CatalogStore } from '../ports/catalog-store.ts'
import type { Clock } from '../ports/clock.ts'
import type { CoverStore } from '../ports/cover-store.ts'
import type { ObjectStore } from '../ports/object-store.ts'
import type { ScrubStateStore } from '../ports/scrub-state-store.ts'
import type { SourceStore } from '../ports/source-store.ts'
import type { UploadStore } from '../ports/upload-store.ts'
import type { IngestControl } from '../ports/ingest-control.ts'
import type { PlayCounter } from '../search/play-counter.ts'
import type { SearchGateway } from '../search/search-gateway.ts'
import type { AppShell } from './app-shell.ts'
import type { Metrics } from './metrics.ts'
import type { RequestLimiter } from './request-limiter.ts'

/** Everything that the HTTP routes need; created by `startMediaServer`. */
export type HttpServices = {
  readonly about: Pick<ServerInfo, 'id' | 'name' | 'version' | 'signingKey'>
  readonly publicUrl: URL | undefined
  readonly clock: Clock
  readonly logger: Logger
  readonly metrics: Metrics
  readonly limiter: RequestLimiter
  readonly accounts: AccountStore
  readonly sessions: Sessions
  readonly openRequests: OpenRequests
  readonly claims: ClaimCodes
  readonly pairings: Pairings
  readonly catalog: CatalogStore
  readonly objects: ObjectStore
  readonly covers: CoverStore
  readonly sources: SourceStore
  readonly uploads: UploadStore
  readonly ingest: IngestControl
  readonly search: SearchGateway
  readonly scrubStates: ScrubStateStore
  readonly catalogHealth: () => CatalogHealth
  readonly countPlay: PlayCounter
  readonly issueLicense: (
    applicant: Extract<Caller, { kind: 'device' }>,
    recordings: readonly string[],
  ) => Promise<LicenseGrant>
  /** A pass of this device for the relay with this public key. */
  readonly signRelayPass: (
    caller: Extract<Caller, { kind: 'device' }>,
    relay: string,
  ) => Promise<{ readonly pass: string; readonly expiresAt: number }>
  /** Where the relay beside this server listens on this machine; undefined while it does not. */
  readonly relayPort: () => number | undefined
  /** Its public key; undefined where there is none. */
  readonly relayKey: () => SigningJwk | undefined
  readonly hls: { readonly capabilities: HlsCapabilities; readonly files: HlsFiles }
  readonly shell: AppShell | undefined
  /** Aborts when the server stops: event streams end with it. */
  readonly stopping: AbortSignal
  readonly isDraining: () => boolean
}

/** The variables that middleware sets for the handlers. */
export type HttpEnv = {
  Variables: { readonly caller: Caller; readonly requestId: string; readonly peer: string }
  Bindings: { readonly incoming: IncomingMessage; readonly outgoing: ServerResponse }
}
