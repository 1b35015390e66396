import { parseRecordingId, type RecordingId } from '@tonestead/crdt/ids'
import { signingJwkSchema } from '@tonestead/protocol/device-log'
import { licenseLifetimeMs, sealLicense } from '@tonestead/protocol/license'
import { describe, expect, test } from 'vitest'
import { silentLog as log } from '../../platform/system/silent-log.ts'
import { createManualClock } from '../../platform/system/manual-clock.ts'
import { createMemoryContentKeyStore } from '../../platform/browser-storage/memory-content-key-store.ts'
import { createSeededRandom } from '../../platform/system/seeded-random.ts'
import { createIdentity } from '../account/create-identity.ts'
import type { ServerConnection } from '../server/server-connection.ts'
import type { SignedClient } from '../server/signed-client.ts'
import { createCell } from '../cell.ts'
import { createLicenseHolder } from './license-holder.ts'
import { createKeyWaiter } from './wait-for-key.ts'

const { subtle } = crypto
const never = new AbortController().signal
const [one, two] = [parseRecordingId('a'.repeat(26)), parseRecordingId('b'.repeat(26))]

const createWorld = async () => {
  const clock = createManualClock()
  const random = createSeededRandom(3)
  const identity = await createIdentity({ subtle, random, clock }, 'Test')
  const signing = (await subtle.generateKey('Ed25519', true, ['sign', 'verify'])) as CryptoKeyPair
  const { kty, crv, x } = await subtle.exportKey('jwk', signing.publicKey)
  const state = {
    kind: 'up' as 'up' | 'offline',
    denied: [] as string[],
    serverNow: () => clock.now() as number,
    requests: [] as string[][],
    signingKey: signing.privateKey,
    device: identity.deviceId,
  }
  const grant = async (recordings: readonly RecordingId[]) => {
    const issuedAt = state.serverNow()
    const terms = {
      serial: 's',
      account: identity.accountId,
      device: state.device,
      issuedAt,
      expiresAt: issuedAt + licenseLifetimeMs,
      salt: random.bytes(32),
    }
    const keys = recordings
      .filter((id) => !state.denied.includes(id))
      .map((recording) => ({ recording, keyVersion: 1, key: random.bytes(16) }))
    return {
      license: await sealLicense(subtle, state.signingKey, { terms, device: identity.agreement.publicKey, keys }),
      denied: state.denied,
    }
  }
  const request = async ({ body }: { body: { recordings: RecordingId[] } }) => {
    if (state.kind === 'offline') return { kind: 'offline' }
    state.requests.push(body.recordings)
    return { kind: 'ready', value: await grant(body.recordings) }
  }
  const known = {
    id: 's',
    name: '',
    version: '',
    signingKey: signingJwkSchema.parse({ kty, crv, x }),
    isClaimed: true,
    time: 0,
    offsetMs: 0,
  }
  const keys = createMemoryContentKeyStore()
  const waiter = createKeyWaiter({ keys, clock })
  const holder = createLicenseHolder({
    client: { request } as unknown as SignedClient,
    server: { server: createCell(known) } as unknown as ServerConnection,
    keys,
    identity,
    subtle,
    clock,
    log,
    onKeys: waiter.onKeys,
  })
  return { clock, state, keys, holder, waiter, ensure: () => holder.ensure({ id: one, keyVersion: 1 }, never) }
}

describe('licenses', () => {
  test('all recordings of a page share one request; held ones need none', async () => {
    const world = await createWorld()
    world.holder.want([one])
    world.holder.want([two])
    await world.clock.advance(100)
    await expect.poll(() => world.keys.expiries([one, two])).toHaveProperty('size', 2)
    expect(world.state.requests).toEqual([[one, two]])
    world.holder.want([one, two])
    await world.clock.advance(100)
    expect(await world.ensure()).toBe('held')
    expect(world.state.requests.length).toBe(1)
  })
  test('keys are renewed in the background after half of their time', async () => {
    const world = await createWorld()
    await world.ensure()
    await world.clock.advance(licenseLifetimeMs / 2 + 1000)
    world.holder.want([one])
    await world.clock.advance(100)
    await expect.poll(() => world.state.requests.length).toBe(2)
  })
  test('a withdrawn recording cannot be played after the next check', async () => {
    const world = await createWorld()
    await world.ensure()
    world.state.denied = [one]
    await world.clock.advance(licenseLifetimeMs / 2 + 1000)
    world.holder.want([one])
    await world.clock.advance(100)
    await expect.poll(async () => (await world.keys.get(one, 1)).held).toBeUndefined()
    expect(await world.ensure()).toBe('denied')
  })
  test('held keys can be used offline until they expire, and the outcome says why not', async () => {
    const world = await createWorld()
    world.state.kind = 'offline'
    expect(await world.ensure()).toBe('offline')
    world.state.kind = 'up'
    await world.ensure()
    world.state.kind = 'offline'
    expect(await world.ensure()).toBe('held')
    await world.clock.advance(licenseLifetimeMs)
    expect(await world.ensure()).toBe('expired')
  })
  test('a clock set back does not lengthen a license', async () => {
    const world = await createWorld()
    await world.ensure()
    await world.clock.advance(licenseLifetimeMs - 1000)
    await world.holder.ensure({ id: two, keyVersion: 1 }, never)
    await world.clock.advance(2000)
    world.clock.setBack(licenseLifetimeMs)
    // A second license was signed just before the end: time counts from there at least.
    expect(await world.ensure()).toBe('held')
    expect((await world.keys.get(one, 1)).latestIssue).toBeGreaterThan(world.clock.now())
    world.state.serverNow = () => world.clock.now() + 2 * licenseLifetimeMs
    await world.holder.ensure({ id: parseRecordingId('c'.repeat(26)), keyVersion: 1 }, never)
    world.state.kind = 'offline'
    expect(await world.ensure()).toBe('expired')
  })
  test('a license of another server or for another device gives no key', async () => {
    const world = await createWorld()
    world.state.device = 'c'.repeat(52) as typeof world.state.device
    expect(await world.ensure()).toBe('denied')
    world.state.signingKey = (
      (await subtle.generateKey('Ed25519', true, ['sign', 'verify'])) as CryptoKeyPair
    ).privateKey
    expect(await world.ensure()).toBe('denied')
    expect((await world.keys.get(one, 1)).held).toBeUndefined()
  })
})

describe('the worker waits for a key', () => {
  test('a key that arrives meanwhile is used at once', async () => {
    const world = await createWorld()
    const key = world.waiter.contentKey({ recordingId: one, keyVersion: 1 }, never)
    await world.ensure()
    expect((await key).usages).toEqual(['decrypt'])
  })
  test('without a key in time: key-missing; with an expired one: license-expired', async () => {
    const world = await createWorld()
    const missing = world.waiter.contentKey({ recordingId: one, keyVersion: 1 }, never)
    missing.catch(() => undefined)
    await world.clock.advance(21_000)
    await expect(missing).rejects.toMatchObject({ code: 'key-missing' })
    await world.ensure()
    await world.clock.advance(licenseLifetimeMs)
    const expired = world.waiter.contentKey({ recordingId: one, keyVersion: 1 }, never)
    expired.catch(() => undefined)
    await world.clock.advance(21_000)
    await expect(expired).rejects.toMatchObject({ code: 'license-expired' })
  })
})
