import type { RecordingId } from '@tonestead/crdt/ids'
import {
  licenseGrantSchema,
  licenseLifetimeMs,
  maxRecordingsPerLicense,
  openLicense,
  readLicense,
  type License,
} from '@tonestead/protocol/license'
import { importServerKey } from '@tonestead/protocol/server-key'
import type { Clock } from '../../ports/clock.ts'
import type { ContentKeyStore } from '../../ports/content-key-store.ts'
import type { DeviceIdentity } from '../../ports/device-store.ts'
import type { ServerConnection } from '../server/server-connection.ts'
import type { SignedClient } from '../server/signed-client.ts'
import { isUsable, trustedNow } from './license-time.ts'

/**
 * Asks for licenses, in the page, which has the signed session: for whatever a page shows or the queue holds, in one request, before anybody presses play.
 * The worker finds the keys in the store; while a first one is on its way it fetches the chunk beside it and waits for the key only to decrypt.
 */
export type LicenseHolder = {
  /** Sees to it in the background that these can be played; renews what is past half its time. */
  readonly want: (recordings: readonly RecordingId[]) => void
  /** Whether this recording can be played; asks the server if need be. */
  ensure(
    recording: { id: RecordingId; keyVersion: number },
    signal: AbortSignal,
  ): Promise<'held' | 'denied' | 'expired' | 'offline'>
}

type Deps = {
  readonly client: SignedClient
  readonly server: ServerConnection
  readonly keys: ContentKeyStore
  readonly identity: DeviceIdentity
  readonly subtle: SubtleCrypto
  readonly clock: Clock
  /** Tells the worker that there are new keys. */
  readonly onKeys: () => void
}

/** Pages that are built of several answers ask once. */
const gatherMs = 30
/** A license is renewed when less than this is left of it. */
const renewBelowMs = licenseLifetimeMs / 2

export const createLicenseHolder = (deps: Deps): LicenseHolder => {
  const { keys, clock } = deps
  const wanted = new Set<RecordingId>()
  let gathering = false

  const fetchLicense = async (
    recordings: readonly RecordingId[],
    signal: AbortSignal,
  ): Promise<{ kind: 'done'; denied: ReadonlySet<string> } | { kind: 'offline' | 'refused' }> => {
    const answer = await deps.client.request(
      { method: 'POST', path: '/api/licenses', body: { recordings }, signal },
      licenseGrantSchema,
    )
    if (answer.kind === 'offline') return { kind: 'offline' }
    if (answer.kind === 'problem') return { kind: 'refused' }
    const license = await verified(deps, answer.value.license)
    if (license === undefined) return { kind: 'refused' }
    const opened = await openLicense(deps.subtle, deps.identity.agreement.privateKey, license)
    const held = opened.map(({ recording, keyVersion, key }) => ({
      recordingId: recording,
      keyVersion,
      key,
      expiresAt: license.expiresAt,
    }))
    await keys.put(held, license.issuedAt)
    deps.onKeys()
    return { kind: 'done', denied: new Set(answer.value.denied) }
  }

  const gather = async (): Promise<void> => {
    gathering = true
    await clock.after(gatherMs, new AbortController().signal)
    gathering = false
    const asked = [...wanted]
    wanted.clear()
    const expiries = await keys.expiries(asked)
    const due = asked.filter((id) => (expiries.get(id) ?? 0) - clock.now() < renewBelowMs)
    for (let start = 0; start < due.length; start += maxRecordingsPerLicense) {
      const outcome = await fetchLicense(due.slice(start, start + maxRecordingsPerLicense), AbortSignal.timeout(60_000))
      // What the server withdrew stops at this check, not at the end of its old license.
      if (outcome.kind === 'done' && outcome.denied.size > 0)
        await keys.delete(due.filter((id) => outcome.denied.has(id)))
    }
  }

  return {
    want: (recordings) => {
      for (const id of recordings) wanted.add(id)
      if (!gathering && wanted.size > 0) void gather().catch(() => undefined)
    },
    ensure: async ({ id, keyVersion }, signal) => {
      const { held, latestIssue } = await keys.get(id, keyVersion)
      if (held !== undefined && isUsable(held, latestIssue, clock.now())) return 'held'
      const outcome = await fetchLicense([id], signal)
      if (outcome.kind === 'offline') return held === undefined ? 'offline' : 'expired'
      return outcome.kind === 'done' && !outcome.denied.has(id) ? 'held' : 'denied'
    },
  }
}

/** Signed by this server, for this account and device, and not over already. */
const verified = async (deps: Deps, jws: string): Promise<License | undefined> => {
  const known = deps.server.server.get()
  if (known === undefined) return undefined
  const serverKey = await importServerKey(deps.subtle, known.signingKey)
  const license = await readLicense(serverKey, jws)
  const isOurs = license?.device === deps.identity.deviceId && license.account === deps.identity.accountId
  return isOurs && license.expiresAt > trustedNow(license.issuedAt, 0) ? license : undefined
}
