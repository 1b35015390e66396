import { describe, expect, test } from 'vitest'
import { hashOf } from '@tonestead/protocol/sync/sync-hash'
import { utf8, type Bytes } from '@tonestead/protocol/bytes'
import type { CollectionId } from '@tonestead/protocol/sync/sync-ids'
import { createMemoryLogDisk } from '../../../../sync-server/src/platform/memory/memory-log-store.ts'
import { relayRules } from '../../../../sync-server/src/log/relay-rules.ts'
import { createRealRelayWorld, until, untilLater } from './real-relay-world.testkit.ts'
import type { TestDevice } from './replica-world.testkit.ts'

// Guests: accounts that may begin no log at a relay, at the relay of sync-server/.

const later = 4_000_000_000_000
const secretOf = (name: string): Bytes => hashOf(utf8(`invitation ${name}`))

/** Ann may begin logs; whoever comes after her may not. */
const createGuestWorld = async () => {
  const disk = createMemoryLogDisk({ rules: relayRules, syncs: 'at-once' })
  const { world, faults } = await createRealRelayWorld({}, { disk, isOpen: false })
  const begin = async (name: string, isGuest: boolean): Promise<TestDevice> => {
    const device = await world.createAccount(name)
    if (isGuest) return device
    await disk.open().admit(device.account, 0)
    device.goOnline()
    await until(world, () => device.replica.status(device.personal)?.length === 1)
    return device
  }
  const ann = await begin('ann', false)
  const ben = await begin('ben', true)
  const list = await world.createShared(ann)
  await until(world, () => ann.replica.status(list)?.length === 1)
  await ann.add(list, 'x')
  const invite = async (secret: Bytes, role: 'viewer' | 'editor', expiresAt = later): Promise<void> => {
    const invited = ann.pursue({ kind: 'invite', collection: list, secret, role, expiresAt })
    await until(world, () => invited.outcome !== undefined)
    expect(invited.outcome).toBe('done')
  }
  const pursue = async (device: TestDevice, goal: Parameters<TestDevice['pursue']>[0]) => {
    const result = device.pursue(goal)
    await untilLater(world, () => result.outcome !== undefined)
    return result.outcome
  }
  return { world, faults, ann, ben, list, invite, pursue }
}

const show = (device: TestDevice, list: CollectionId) => device.entries(list).toSorted().join()

describe('guests', () => {
  test('[RP29] a guest redeems an invitation, edits, goes on after a restart and with a new epoch, and begins no log', async () => {
    const { world, faults, ann, ben, list, invite, pursue } = await createGuestWorld()
    await invite(secretOf('one'), 'editor')
    expect(await pursue(ben, { kind: 'redeem', collection: list, secret: secretOf('one') })).toBe('done')
    await until(world, () => show(ben, list) === 'x')
    await ben.add(list, 'y')
    await until(world, () => show(ann, list) === 'x,y')
    await ben.crash()
    ben.goOnline()
    await until(world, () => show(ben, list) === 'x,y')
    // An invitation that is withdrawn begins an epoch, whose key is sealed to the guest's account.
    await invite(secretOf('two'), 'viewer')
    const [invitation] = [...(ann.replica.membership(list)?.invitations.keys() ?? [])]
    expect(await pursue(ann, { kind: 'withdraw-invitation', collection: list, invitation: invitation! })).toBe('done')
    await ann.add(list, 'z')
    await until(world, () => show(ben, list) === 'x,y,z')
    expect(ben.replica.status(ben.personal)?.length).toBe(0)
    expect(faults).toEqual([])
  })

  test('[RP30] who has the link reads before he redeems it, and what he changes then counts for nothing', async () => {
    const { world, ann, ben, list, invite, pursue } = await createGuestWorld()
    await invite(secretOf('one'), 'viewer')
    expect(await pursue(ben, { kind: 'look', collection: list, secret: secretOf('one') })).toBe('not-needed')
    expect(show(ben, list)).toBe('x')
    expect(await ben.add(list, 'y')).toEqual({ kind: 'no-right' })
    expect(await pursue(ben, { kind: 'redeem', collection: list, secret: secretOf('one') })).toBe('done')
    expect(await ben.add(list, 'y')).toEqual({ kind: 'no-right' })
    await world.settle()
    expect(show(ann, list)).toBe('x')
  })

  test('[RP30] a link that has expired, was withdrawn or used, or never was one, is said to be closed', async () => {
    const { ann, ben, list, invite, pursue } = await createGuestWorld()
    const redeem = (name: string) => pursue(ben, { kind: 'redeem', collection: list, secret: secretOf(name) })
    expect(await pursue(ben, { kind: 'look', collection: list, secret: secretOf('none') })).toBe('impossible')
    expect(await redeem('none')).toBe('impossible')
    await invite(secretOf('old'), 'viewer', 1000)
    expect(await redeem('old')).toBe('impossible')
    await invite(secretOf('one'), 'viewer')
    const invitation = [...(ann.replica.membership(list)?.invitations ?? [])].find(
      ([, { expiresAt }]) => expiresAt > 1000,
    )
    await pursue(ann, { kind: 'withdraw-invitation', collection: list, invitation: invitation![0] })
    expect(await redeem('one')).toBe('impossible')
  })

  test('[RP30] who was removed and is invited again waits for what the new invitation shows', async () => {
    const { world, ann, ben, list, invite, pursue } = await createGuestWorld()
    await invite(secretOf('one'), 'editor')
    expect(await pursue(ben, { kind: 'redeem', collection: list, secret: secretOf('one') })).toBe('done')
    expect(await pursue(ann, { kind: 'remove-member', collection: list, account: ben.account })).toBe('done')
    await until(world, () => ben.replica.status(list)?.role === undefined)
    await ann.add(list, 'after')
    await world.settle()
    expect(show(ben, list)).toBe('x')
    await invite(secretOf('two'), 'editor')
    expect(await pursue(ben, { kind: 'redeem', collection: list, secret: secretOf('two') })).toBe('done')
    await until(world, () => show(ben, list) === 'after,x')
    expect(await pursue(ben, { kind: 'redeem', collection: list, secret: secretOf('none') })).toBe('not-needed')
  })

  test('[RP31] the same nonce gives the same collection, begun once', async () => {
    const { world, ann, list } = await createGuestWorld()
    const home = { key: world.relay.key.publicKey, addresses: [] }
    const nonce = new Uint8Array(16).fill(7)
    const first = await ann.replica.createShared(home, nonce)
    await until(world, () => ann.replica.status(first!)?.length === 1)
    expect(await ann.replica.createShared(home, nonce)).toBe(first)
    await world.settle()
    expect(ann.replica.status(first!)?.length).toBe(1)
    expect(first).not.toBe(list)
  })
})
