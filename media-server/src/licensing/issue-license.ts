import { parseRecordingId, type AccountId, type DeviceId, type RecordingId } from '@tonestead/crdt/ids'
import type { Right } from '@tonestead/protocol/auth'
import { toBase64Url, type Bytes } from '@tonestead/protocol/bytes'
import { licenseLifetimeMs, sealLicense, type ContentKeys, type LicenseGrant } from '@tonestead/protocol/license'
import { ProblemError } from '@tonestead/protocol/problem'
import type { AccountStore } from '../ports/account-store.ts'
import { audienceOf, type Audience } from '@tonestead/protocol/audience'
import type { CatalogStore } from '../ports/catalog-store.ts'
import type { Clock } from '../ports/clock.ts'
import type { ContentKeyStore } from '../ports/content-key-store.ts'

export type LicenseDeps = {
  readonly accounts: AccountStore
  readonly catalog: CatalogStore
  readonly contentKeys: ContentKeyStore
  readonly clock: Clock
  readonly subtle: SubtleCrypto
  readonly random: (length: number) => Bytes
  readonly signingKey: CryptoKey
}
type Applicant = { readonly account: AccountId; readonly device: DeviceId; readonly rights: readonly Right[] }

/** Number of recordings that are looked up at the same time. */
const lookupsAtOnce = 64

/** Issues one license for all requested recordings that the device may hear, and lists the others as denied. */
export const createLicenseIssuer =
  (deps: LicenseDeps) =>
  async (applicant: Applicant, recordings: readonly string[]): Promise<LicenseGrant> => {
    const device = await deps.accounts.device(applicant.device)
    if (device === undefined)
      throw new ProblemError('proof-required', 'This server does not know this device any more.')
    const wanted = [...new Set(recordings)].map(parseRecordingId)
    const { keys, denied } = await keysFor(deps, wanted, audienceOf(applicant.rights))
    const issuedAt = deps.clock.now()
    const times = { issuedAt, expiresAt: issuedAt + licenseLifetimeMs }
    const terms = {
      serial: toBase64Url(deps.random(16)),
      account: applicant.account,
      device: applicant.device,
      ...times,
      salt: deps.random(32),
    }
    const license = await sealLicense(deps.subtle, deps.signingKey, { terms, device: device.agreementKey, keys })
    return { license, denied }
  }

const keysFor = async (
  deps: LicenseDeps,
  wanted: readonly RecordingId[],
  audience: Audience,
): Promise<{ keys: ContentKeys; denied: string[] }> => {
  const keys: ContentKeys[number][] = []
  const denied: string[] = []
  for (let start = 0; start < wanted.length; start += lookupsAtOnce) {
    const batch = wanted.slice(start, start + lookupsAtOnce)
    const found = await Promise.all(batch.map((id) => contentKeyOf(deps, id, audience)))
    for (const [index, key] of found.entries()) {
      const recording = batch[index]
      if (recording === undefined) continue
      if (key === undefined) denied.push(recording)
      else keys.push({ recording, ...key })
    }
  }
  return { keys, denied }
}

const contentKeyOf = async (
  deps: LicenseDeps,
  id: RecordingId,
  audience: Audience,
): Promise<{ keyVersion: number; key: Bytes } | undefined> => {
  const recording = await deps.catalog.recording(id, audience)
  if (recording === undefined) return undefined
  const found = await deps.contentKeys.get(id, recording.keyVersion)
  if (found === undefined) throw new Error('a published recording without its content key')
  return { keyVersion: found.version, key: found.key }
}
