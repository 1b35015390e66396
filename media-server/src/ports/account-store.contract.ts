import { randomBytes } from 'node:crypto'
import { parseAccountId, parseDeviceId } from '@tonestead/crdt/ids'
import { parseUnixMs } from '@tonestead/crdt/instant'
import { rights } from '@tonestead/protocol/auth'
import { toBase32 } from '@tonestead/protocol/bytes'
import type { KnownDevice } from '@tonestead/protocol/device-log'
import { describe, expect, it } from 'vitest'
import type { AccountStore } from './account-store.ts'

const now = parseUnixMs(1_700_000_000_000)
const keyId = (): string => toBase32(randomBytes(32))
const coordinate = (): string => randomBytes(32).toString('base64url')
const accountId = () => parseAccountId(keyId())
const deviceOf = (account: KnownDevice['account']): KnownDevice => ({
  account,
  device: parseDeviceId(keyId()),
  signingKey: { kty: 'OKP', crv: 'Ed25519', x: coordinate() },
  agreementKey: { kty: 'EC', crv: 'P-256', x: coordinate(), y: coordinate() },
  name: 'Kitchen',
})

/** The contract of every account store. `open` returns an empty one. */
export const accountStoreContract = (open: () => Promise<AccountStore>): void => {
  it('recognizes a registered device, with its keys', async () => {
    const accounts = await open()
    const device = deviceOf(accountId())
    expect(await accounts.register(device, now, 5)).toBe('registered')
    expect(await accounts.register({ ...device, name: 'Hall' }, parseUnixMs(now + 1000), 5)).toBe('known')
    expect(await accounts.device(device.device)).toEqual({
      ...device,
      name: 'Hall',
      seenAt: now + 1000,
      registeredAt: now,
    })
    expect(await accounts.device(parseDeviceId(keyId()))).toBeUndefined()
  })

  it('never exceeds the limit of devices, also when many register at once', async () => {
    const accounts = await open()
    const account = accountId()
    const outcomes = await Promise.all(Array.from({ length: 24 }, () => accounts.register(deviceOf(account), now, 5)))
    expect(outcomes.filter((outcome) => outcome === 'registered')).toHaveLength(5)
    expect(outcomes.filter((outcome) => outcome === 'device-limit-reached')).toHaveLength(19)
    expect(await accounts.register(deviceOf(accountId()), now, 5)).toBe('registered')
  })

  it('removes a device of its own account for ever, and frees its place', async () => {
    const accounts = await open()
    const [account, stranger] = [accountId(), accountId()]
    const [one, other] = [deviceOf(account), deviceOf(account)]
    await accounts.register(one, now, 2)
    await accounts.register(other, parseUnixMs(now + 1), 2)
    expect((await accounts.devicesOf(account)).map(({ device }) => device)).toEqual([other.device, one.device])
    expect(await accounts.removeDevice(one.device, stranger, now)).toBe(false)
    expect(await accounts.removeDevice(one.device, account, now)).toBe(true)
    expect(await accounts.removeDevice(one.device, account, now)).toBe(false)
    expect(await accounts.device(one.device)).toBeUndefined()
    expect(await accounts.register(one, now, 2)).toBe('device-removed')
    expect(await accounts.register({ ...one, account: stranger }, now, 2)).toBe('device-removed')
    expect((await accounts.devicesOf(account)).map(({ device }) => device)).toEqual([other.device])
    expect(await accounts.register(deviceOf(account), now, 2)).toBe('registered')
  })

  it('does not give a device key to a second account', async () => {
    const accounts = await open()
    const device = deviceOf(accountId())
    await accounts.register(device, now, 5)
    await expect(accounts.register({ ...device, account: accountId() }, now, 5)).rejects.toMatchObject({
      code: 'proof-invalid',
    })
  })

  it('lets exactly one of many become the administrator', async () => {
    const accounts = await open()
    const claimants = Array.from({ length: 10 }, () => deviceOf(accountId()))
    for (const claimant of claimants) await accounts.register(claimant, now, 5)
    expect(await accounts.isClaimed()).toBe(false)
    const won = await Promise.all(claimants.map((claimant) => accounts.claim(claimant.account, now)))
    expect(won.filter(Boolean)).toHaveLength(1)
    expect(await accounts.isClaimed()).toBe(true)
    const rightsOfAll = await Promise.all(claimants.map((claimant) => accounts.rightsOf(claimant.account)))
    expect(rightsOfAll.map((own) => own.length).toSorted()).toEqual([
      ...Array.from({ length: 9 }, () => 0),
      rights.length,
    ])
  })

  describe('the device log of an account', () => {
    const setUp = async () => {
      const accounts = await open()
      const account = accountId()
      const [first, second] = [deviceOf(account), deviceOf(account)]
      for (const device of [first, second]) await accounts.register(device, now, 5)
      const keep = (entries: readonly string[], standing: readonly KnownDevice[], generation = 0) =>
        accounts.keepDeviceLog({ account, entries, generation, standing: standing.map(({ device }) => device) }, now)
      return { accounts, first, second, keep }
    }

    it('removes for ever who does not stand in a longer log', async () => {
      const { accounts, first, second, keep } = await setUp()
      expect(await keep(['a', 'b'], [first, second])).toEqual({ kind: 'kept', removed: [] })
      expect(await keep(['a', 'b', 'c'], [first])).toEqual({ kind: 'kept', removed: [second.device] })
      expect(await accounts.device(second.device)).toBeUndefined()
      expect(await accounts.register(second, now, 5)).toBe('device-removed')
      expect(await keep(['a', 'b', 'c'], [first])).toEqual({ kind: 'kept', removed: [] })
    })

    it('gives the longer log for a shorter one, also for one of a single JWS, and refuses another', async () => {
      const { accounts, first, second, keep } = await setUp()
      expect(await keep([], [first])).toEqual({ kind: 'kept', removed: [] })
      expect(await accounts.device(second.device)).toBeDefined()
      await keep(['a', 'b'], [first, second])
      expect(await keep(['a'], [first])).toEqual({ kind: 'older', entries: ['a', 'b'] })
      expect(await keep([], [first])).toEqual({ kind: 'older', entries: ['a', 'b'] })
      expect(await keep(['a', 'x', 'y'], [second])).toEqual({ kind: 'forked' })
      expect(await keep(['a', 'x'], [first, second], 1)).toEqual({ kind: 'kept', removed: [] })
      expect(await keep(['a', 'b', 'c'], [first, second])).toEqual({ kind: 'forked' })
    })
  })
}
