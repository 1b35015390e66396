import { hkdfSync, randomBytes } from 'node:crypto'
import { utf8, type Bytes } from '@tonestead/protocol/bytes'
import type { Logger } from 'pino'
import { createAccessTokens } from './accounts/access-token.ts'
import { createProofChecker } from './accounts/check-proof.ts'
import { createRelayPasses } from './accounts/relay-passes.ts'
import { createClaimCodes } from './accounts/claim-codes.ts'
import { createPairings } from './accounts/pairings.ts'
import { createOpenRequests } from './accounts/open-requests.ts'
import { createSessions } from './accounts/sessions.ts'
import type { ServerConfig } from './config.ts'
import type { HttpServices } from './http/http-services.ts'
import { createMetrics } from './http/metrics.ts'
import { createRequestLimiter } from './http/request-limiter.ts'
import { createHlsCapabilities } from './licensing/hls-capability.ts'
import { createHlsFiles } from './licensing/hls-files.ts'
import { createLicenseIssuer } from './licensing/issue-license.ts'
import type { OpenedStores } from './open-stores.ts'
import { systemClock } from './platform/system-clock.ts'
import type { InstanceSecrets } from './ports/instance-secrets.ts'
import { createPlayCounter } from './search/play-counter.ts'
import type { SearchGateway } from './search/search-gateway.ts'

export type HttpServiceDeps = {
  readonly config: ServerConfig
  readonly version: string
  readonly logger: Logger
  readonly stores: OpenedStores
  readonly search: SearchGateway
}

/** Creates the features that HTTP routes call, except for those that exist only while the server runs. */
export const createHttpServices = ({
  config,
  version,
  logger,
  stores,
  search,
}: HttpServiceDeps): Omit<
  HttpServices,
  'ingest' | 'relayPort' | 'relayKey' | 'catalogHealth' | 'shell' | 'stopping' | 'isDraining'
> => {
  const { subtle } = crypto
  const clock = systemClock
  const { secrets, ...ports } = stores
  const deps = { ...ports, clock, subtle }
  const tokens = createAccessTokens({ secret: deriveKey(secrets, 'tokens'), serverId: secrets.serverId, clock })
  const checkProof = createProofChecker({
    serverId: secrets.serverId,
    clock,
    share: config.requestLimits.proofs,
  })
  const openRequests = createOpenRequests()
  const random = (length: number): Bytes => new Uint8Array(randomBytes(length))
  return {
    ...ports,
    about: { id: secrets.serverId, name: config.name, version, signingKey: secrets.signing.publicKey },
    publicUrl: config.publicUrl,
    clock,
    logger,
    metrics: createMetrics({ sources: stores.sources, search }),
    limiter: createRequestLimiter(clock, config.requestLimits),
    search,
    countPlay: createPlayCounter({ plays: stores.plays, clock }),
    sessions: createSessions({ ...deps, tokens, checkProof, endRequests: (device) => openRequests.endAll(device) }),
    openRequests,
    claims: createClaimCodes({ ...deps, random: random(15) }),
    pairings: createPairings(clock),
    issueLicense: createLicenseIssuer({ ...deps, random, signingKey: secrets.signing.privateKey }),
    signRelayPass: createRelayPasses({ clock, signingKey: secrets.signing.privateKey }),
    hls: {
      capabilities: createHlsCapabilities({ secret: deriveKey(secrets, 'hls'), clock }),
      files: createHlsFiles(deps),
    },
  }
}

/** One secret serves several purposes; HKDF (RFC 5869) derives a separate key for each. */
const deriveKey = (secrets: InstanceSecrets, purpose: string): Bytes =>
  new Uint8Array(hkdfSync('sha256', secrets.tokenSecret, new Uint8Array(0), utf8(`tonestead/${purpose}/v1`), 32))
