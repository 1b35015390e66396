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
import type { Log } from '../../ports/log.ts'
import { isUnanswered } from '../server/answer.ts'
import type { ServerConnection } from '../server/server-connection.ts'
import type { SignedClient } from '../server/signed-client.ts'
import { isUsable, trustedNow } from './license-time.ts'

/**
 * Requests licenses. This is done in the page, which has the signed session: for all tracks that a page shows or the queue holds, in one request, before Play is pressed.
 * The worker reads the keys from the store. While the first key is requested, the worker fetches the chunk and waits for the key only to decrypt.
 */
export type LicenseHolder = {
  /** Requests in the background what is needed to play these; renews licenses that are past half of their time. */
  readonly want: (recordings: readonly RecordingId[]) => void
  /** Whether this recording can be played; requests a license where none is held. */
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
  readonly log: Log
  /** New keys were stored: the worker must know. */
  readonly onKeys: () => void
}

/** Recordings that are wanted within this time share one request. */
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
    if (isUnanswered(answer)) return { kind: 'offline' }
    if (answer.kind !== 'ready') return { kind: 'refused' }
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
    const requested = [...wanted]
    wanted.clear()
    const expiries = await keys.expiries(requested)
    const due = requested.filter((id) => (expiries.get(id) ?? 0) - clock.now() < renewBelowMs)
    for (let start = 0; start < due.length; start += maxRecordingsPerLicense) {
      const outcome = await fetchLicense(due.slice(start, start + maxRecordingsPerLicense), AbortSignal.timeout(60_000))
      // A recording that the server withdrew cannot be played from now on, though its old license has not expired.
      if (outcome.kind === 'done' && outcome.denied.size > 0)
        await keys.delete(due.filter((id) => outcome.denied.has(id)))
    }
  }

  return {
    want: (recordings) => {
      for (const id of recordings) wanted.add(id)
      if (!gathering && wanted.size > 0) void gather().catch(deps.log.failed('no licenses were requested'))
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

/** The license when it is signed by this server for this account and device, and has not expired. */
const verified = async (deps: Deps, jws: string): Promise<License | undefined> => {
  const known = deps.server.server.get()
  if (known === undefined) return undefined
  const serverKey = await importServerKey(deps.subtle, known.signingKey)
  const license = await readLicense(serverKey, jws)
  const isOurs = license?.device === deps.identity.deviceId && license.account === deps.identity.accountId
  return isOurs && license.expiresAt > trustedNow(license.issuedAt, 0) ? license : undefined
}
