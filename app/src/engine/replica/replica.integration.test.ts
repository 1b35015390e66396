import { describe, expect, test } from 'vitest'
import { writeItem } from '@tonestead/protocol/sync/codec/item-codec'
import { writeRelayFrame } from '@tonestead/protocol/sync/frame'
import { placeKey } from './journal-keys.ts'
import { createWorld } from './replica-world.testkit.ts'
import { ReplicaEndedError } from './replica-turn.ts'

// What one replica promises about its journal, its keys and the membership. Hostile others are in hostile-members.integration.test.ts.

describe('turns and the journal', () => {
  test('[RP1] an edit reaches the other devices of an account and the members of a shared collection', async () => {
    const world = await createWorld()
    const ann = await world.createAccount('ann')
    const ann2 = await world.addDevice(ann, 'ann2')
    const ben = await world.createAccount('ben')
    const list = await world.createShared(ann, [[ben, 'editor']])
    await ann2.replica.follow(list)
    await world.settle()
    expect(await ann.add(list, 'x')).toEqual({ kind: 'kept' })
    expect(await ben.add(list, 'y')).toEqual({ kind: 'kept' })
    await world.settle()
    for (const device of [ann, ann2, ben]) {
      expect(device.entries(list).toSorted(), device.name).toEqual(['x', 'y'])
      expect(device.replica.status(list)).toMatchObject({ kind: 'open', pending: 0, waiting: 0, isKeyMissing: false })
    }
    expect(ann.entries(list)).toEqual(ben.entries(list))
  })

  test('[RP1] nothing is shown or sent while its transaction is not committed', async () => {
    const world = await createWorld()
    const ann = await world.createAccount('ann')
    const list = await world.createShared(ann)
    const commit = ann.journal.commit
    let wasShown = false
    let wasSent = false
    ann.journal.commit = (transaction) => {
      wasShown ||= ann.entries(list).length > 0
      wasSent ||= world.queue.length > 0
      expect(transaction.isStrict).toBe(true)
      return commit(transaction)
    }
    await ann.add(list, 'x')
    ann.journal.commit = commit
    expect([wasShown, wasSent]).toEqual([false, false])
    expect(ann.entries(list)).toEqual(['x'])
    expect(world.queue).toHaveLength(1)
  })

  test('[RP3] after a crash that loses every transaction but the strict ones, every edit that was answered is there', async () => {
    const world = await createWorld()
    const ann = await world.createAccount('ann')
    const ben = await world.createAccount('ben')
    const list = await world.createShared(ann, [[ben, 'editor']])
    ann.goOffline()
    await ann.add(list, 'x')
    await ann.add(list, 'y')
    await ben.add(list, 'z')
    await ann.crash()
    expect(ann.entries(list)).toEqual(['x', 'y'])
    ann.goOnline()
    await world.settle()
    await ann.crash()
    expect(ann.entries(list).length).toBeGreaterThanOrEqual(2)
    ann.goOnline()
    await world.settle()
    for (const device of [ann, ben]) expect(device.entries(list).toSorted()).toEqual(['x', 'y', 'z'])
  })

  test('[RP4] a damaged row of the log is read again from the relay, and what followed it is kept in the quarantine', async () => {
    const world = await createWorld()
    const ann = await world.createAccount('ann')
    const list = await world.createShared(ann)
    for (const entry of ['x', 'y', 'z']) await ann.add(list, entry)
    await world.settle()
    const length = ann.replica.status(list)!.length
    ann.journal.damage('items', list, placeKey(length - 1))
    await ann.crash(1000)
    expect(ann.replica.status(list)!.length).toBe(length - 2)
    expect((await ann.journal.read({ table: 'quarantine', scope: list })).rows).toHaveLength(1)
    ann.goOnline()
    await world.settle()
    expect(ann.replica.status(list)).toMatchObject({ kind: 'open', length })
    expect(ann.entries(list)).toEqual(['x', 'y', 'z'])
  })

  test('[RP5] an edit whose transaction fails is rejected, is not shown, and the next one works', async () => {
    const world = await createWorld()
    const ann = await world.createAccount('ann')
    const list = await world.createShared(ann)
    await ann.add(list, 'w')
    ann.journal.failNext()
    await expect(ann.add(list, 'x')).rejects.toThrow('the disk is full')
    await ann.replica.idle()
    expect(ann.entries(list)).toEqual(['w'])
    expect(await ann.add(list, 'y')).toEqual({ kind: 'kept' })
    await world.settle()
    expect(ann.entries(list)).toEqual(['w', 'y'])
  })

  test('[RP5] a replica whose journal was taken over writes and sends nothing more', async () => {
    const world = await createWorld()
    const ann = await world.createAccount('ann')
    const list = await world.createShared(ann)
    await ann.journal.takeOver()
    await expect(ann.add(list, 'x')).rejects.toThrow(ReplicaEndedError)
    await expect(ann.add(list, 'y')).rejects.toThrow(ReplicaEndedError)
    expect(world.queue).toEqual([])
  })

  test('[RP16] the first edit after a restart opens a new feed and names the pending envelopes that it builds on', async () => {
    const world = await createWorld()
    const ann = await world.createAccount('ann')
    const ben = await world.createAccount('ben')
    const list = await world.createShared(ann, [[ben, 'editor']])
    ann.goOffline()
    await ann.add(list, 'x')
    await ann.crash()
    await ann.add(list, 'y', 'x')
    ann.goOnline()
    await world.settle()
    for (const device of [ann, ben]) expect(device.entries(list)).toEqual(['x', 'y'])
    const items = world.relay.logs.get(list)!.items.slice(-2)
    const [first, second] = items.map((item) => (item.kind === 'envelope' ? item : undefined))
    expect([first!.header.number, second!.header.number]).toEqual([1, 1])
    expect(second!.header.feed).not.toBe(first!.header.feed)
    expect(second!.header.prev).toBe(first!.id)
    expect(second!.header.deps).toEqual([first!.id])
  })

  test('[RP1] the same intent twice is once', async () => {
    const world = await createWorld()
    const ann = await world.createAccount('ann')
    const list = await world.createShared(ann)
    const title = { kind: 'setTitle', title: 'Songs' }
    expect(await ann.edit(list, title, 'a'.repeat(26))).toEqual({ kind: 'kept' })
    expect(await ann.edit(list, title, 'a'.repeat(26))).toEqual({ kind: 'kept' })
    await world.settle()
    expect(ann.title(list)).toBe('Songs')
  })
})

describe('keys and membership', () => {
  test('[RP18] who joins later reads everything from the beginning, and a new device reads what its account may read', async () => {
    const world = await createWorld()
    const ann = await world.createAccount('ann')
    const ben = await world.createAccount('ben')
    const list = await world.createShared(ann, [[ben, 'editor']])
    await ann.add(list, 'x')
    await world.settle()
    expect(ann.pursue({ kind: 'remove-member', collection: list, account: ben.account })).toBeDefined()
    await world.settle()
    await ann.add(list, 'y')
    await world.settle()
    const cleo = await world.createAccount('cleo')
    await world.invite(ann, cleo, { collection: list, role: 'viewer' })
    const cleo2 = await world.addDevice(cleo, 'cleo2')
    await cleo2.replica.follow(list)
    await world.settle()
    for (const device of [cleo, cleo2]) expect(device.entries(list)).toEqual(['x', 'y'])
    expect(ben.entries(list)).toEqual(['x'])
    expect(ben.replica.status(list)!.role).toBeUndefined()
  })

  test('[RP21] after a reader was taken away nothing is sealed until a new epoch, and the intents are shown meanwhile', async () => {
    const world = await createWorld()
    const ann = await world.createAccount('ann')
    const ben = await world.createAccount('ben')
    const list = await world.createShared(ann, [[ben, 'editor']])
    ben.pursue({ kind: 'leave', collection: list })
    await world.settle()
    expect(ann.replica.status(list)!.isStale).toBe(true)
    ann.goOffline()
    const envelopes = (): number => world.relay.logs.get(list)!.items.filter(({ kind }) => kind === 'envelope').length
    expect(await ann.add(list, 'x')).toEqual({ kind: 'waiting' })
    expect(ann.entries(list)).toEqual(['x'])
    await ann.crash()
    expect(ann.entries(list)).toEqual(['x'])
    expect(envelopes()).toBe(0)
    ann.goOnline()
    await world.settle()
    expect(ann.replica.status(list)).toMatchObject({ isStale: false, waiting: 0, pending: 0 })
    expect(envelopes()).toBe(1)
    expect(ann.entries(list)).toEqual(['x'])
  })

  test('[RP22] two owners who change the membership at the same time both reach their goals', async () => {
    const world = await createWorld()
    const ann = await world.createAccount('ann')
    const ben = await world.createAccount('ben')
    const cleo = await world.createAccount('cleo')
    const dan = await world.createAccount('dan')
    const list = await world.createShared(ann, [
      [ben, 'owner'],
      [cleo, 'editor'],
      [dan, 'editor'],
    ])
    const first = ann.pursue({ kind: 'remove-member', collection: list, account: cleo.account })
    const second = ben.pursue({ kind: 'change-role', collection: list, account: dan.account, role: 'viewer' })
    await world.settle()
    expect([first.outcome, second.outcome]).toEqual(['done', 'done'])
    const again = ben.pursue({ kind: 'remove-member', collection: list, account: cleo.account })
    const last = ann.pursue({ kind: 'remove-member', collection: list, account: ann.account })
    await world.settle()
    expect(again.outcome).toBe('not-needed')
    expect(last.outcome).toBe('done')
    expect(dan.replica.status(list)!.role).toBe('viewer')
    expect(await dan.add(list, 'x')).toEqual({ kind: 'no-right' })
    const alone = ben.pursue({ kind: 'leave', collection: list })
    await world.settle()
    expect(alone.outcome).toBe('impossible')
  })

  test('[RP23] a removed device is known to every shared collection at once, and opens no later epoch', async () => {
    const world = await createWorld()
    const ann = await world.createAccount('ann')
    const ann2 = await world.addDevice(ann, 'ann2')
    const ben = await world.createAccount('ben')
    const list = await world.createShared(ann, [[ben, 'editor']])
    await ann2.replica.follow(list)
    await world.settle()
    ann.pursue({ kind: 'remove-device', collection: ann.personal, device: ann2.device })
    await world.settle()
    await ben.add(list, 'x')
    await world.settle()
    expect(ann.entries(list)).toEqual(['x'])
    expect(ann2.entries(list)).toEqual([])
    expect(await ann2.add(list, 'y')).toEqual({ kind: 'no-right' })
    const state = world.relay.logs.get(list)!.log.now()!
    expect([...state.members.get(ann.account)!.devices.keys()]).toEqual([ann.device])
    // His own device can still be used, with the new agreement key of the account.
    expect(await ann.add(list, 'z')).toEqual({ kind: 'kept' })
    await world.settle()
    expect(ben.entries(list)).toEqual(ann.entries(list))
  })
})

describe('direct links', () => {
  test('[RP25] with the relay gone, connected devices go on, and the log takes their envelopes when it is back', async () => {
    const world = await createWorld()
    const ann = await world.createAccount('ann')
    const ben = await world.createAccount('ben')
    const list = await world.createShared(ann, [[ben, 'editor']])
    ann.goOffline()
    ben.goOffline()
    world.connect(ann, ben)
    await world.settle()
    await ann.add(list, 'x')
    await world.settle()
    expect(ben.entries(list)).toEqual(['x'])
    await ben.add(list, 'y', 'x')
    await world.settle()
    expect(ann.entries(list)).toEqual(['x', 'y'])
    // [RP25] Only one of them meets the relay.
    ben.goOnline()
    await world.settle()
    expect(world.relay.logs.get(list)!.items.filter(({ kind }) => kind === 'envelope')).toHaveLength(2)
    expect(ann.replica.status(list)).toMatchObject({ pending: 0, kind: 'open' })
    expect(ann.entries(list)).toEqual(['x', 'y'])
  })

  test('[RP25] a device gets the log from a member, and nothing from a stranger', async () => {
    const world = await createWorld()
    const ann = await world.createAccount('ann')
    const ben = await world.createAccount('ben')
    const eve = await world.createAccount('eve')
    const list = await world.createShared(ann, [[ben, 'viewer']])
    ben.goOffline()
    await ann.add(list, 'x')
    await world.settle()
    world.connect(ann, ben)
    await eve.replica.follow(list)
    eve.goOffline()
    world.connect(ann, eve)
    await world.settle()
    expect(ben.entries(list)).toEqual(['x'])
    expect(ben.replica.status(list)!.length).toBe(ann.replica.status(list)!.length)
    expect(eve.entries(list)).toEqual([])
    expect(eve.replica.status(list)!.length).toBe(0)
  })

  test('[RP12] a frame that cannot be read closes its link, and other links go on', async () => {
    const world = await createWorld()
    const ann = await world.createAccount('ann')
    const ben = await world.createAccount('ben')
    const list = await world.createShared(ann, [[ben, 'editor']])
    let closed = 0
    const read = ann.replica.openLink({
      kind: 'peer',
      account: ben.account,
      device: ben.device,
      send: () => undefined,
      close: () => (closed += 1),
    })
    read.receive(Uint8Array.of(1, 2, 3))
    await world.settle()
    expect(closed).toBe(1)
    await ann.add(list, 'x')
    const item = world.relay.logs.get(list)!.items[0]!
    read.receive(writeRelayFrame({ kind: 'pending', collection: list }, [writeItem(item)]))
    await world.settle()
    expect(ben.entries(list)).toEqual(['x'])
  })
})
