import { describe, expect, test } from 'vitest'
import type { CollectionId } from '@tonestead/protocol/sync/sync-ids'
import { nextChain } from '@tonestead/protocol/sync/chain'
import { readItem, writeItem } from '@tonestead/protocol/sync/codec/item-codec'
import type { Envelope } from '@tonestead/protocol/sync/envelope'
import { readClientFrame, writeRelayFrame } from '@tonestead/protocol/sync/frame'
import type { ClientMessage, RelayMessage } from '@tonestead/protocol/sync/frame-messages'
import { signReceipt } from '@tonestead/protocol/sync/keys/receipt'
import { createFakeRelay } from './fake-relay.testkit.ts'
import { forge } from './forge.testkit.ts'
import { createWorld, type TestDevice, type World } from './replica-world.testkit.ts'

// [RP7] A relay that lies is found, named and survived.

const worldOfTwo = async () => {
  const world = await createWorld()
  const ann = await world.createAccount('ann')
  const ben = await world.createAccount('ben')
  const list = await world.createShared(ann, [[ben, 'owner']])
  await ann.add(list, 'x')
  await world.settle()
  return { world, ann, ben, list }
}

/** Shows a device another log from now on: a copy of the true one up to a place. */
const showCopy = async (world: World, device: TestDevice, { list, length }: { list: CollectionId; length: number }) => {
  const copy = await world.relay.copyOf(list, length)
  world.relay.shown.set(device.device, new Map([[list, copy]]))
  return copy
}

const lengthOf = (world: World, list: CollectionId): number => world.relay.logs.get(list)!.items.length

const isFrozen = async (device: TestDevice, list: CollectionId, kind: string): Promise<void> => {
  const status = device.replica.status(list)!
  expect(status, device.name).toMatchObject({ kind: 'frozen', alarm: { kind } })
  expect(await device.add(list, 'never')).toEqual({ kind: 'frozen' })
}

describe('a relay that lies', () => {
  test('[RP7] two histories are found when two members exchange heads, nothing local is lost, and the alarm survives a restart', async () => {
    const { world, ann, ben, list } = await worldOfTwo()
    await showCopy(world, ben, { list, length: lengthOf(world, list) })
    await ann.add(list, 'y')
    await world.settle()
    await ben.add(list, 'z')
    await world.settle()
    expect([ann.entries(list), ben.entries(list)]).toEqual([
      ['x', 'y'],
      ['x', 'z'],
    ])
    for (const device of [ann, ben]) expect(device.replica.status(list)).toMatchObject({ kind: 'open', pending: 0 })
    world.connect(ann, ben)
    await world.settle()
    for (const device of [ann, ben]) await isFrozen(device, list, 'two-chains')
    expect([ann.entries(list), ben.entries(list)]).toEqual([
      ['x', 'y'],
      ['x', 'z'],
    ])
    await ann.crash()
    await isFrozen(ann, list, 'two-chains')
    expect(ann.entries(list)).toEqual(['x', 'y'])
  })

  test('[RP7] histories of different lengths are found too', async () => {
    const { world, ann, ben, list } = await worldOfTwo()
    await showCopy(world, ben, { list, length: lengthOf(world, list) })
    for (const entry of ['p', 'q', 'r']) await ann.add(list, entry)
    await ben.add(list, 'z')
    await world.settle()
    world.connect(ben, ann)
    await world.settle()
    for (const device of [ann, ben]) await isFrozen(device, list, 'two-chains')
  })

  test('[RP7] a history that was changed afterwards is found by the device itself', async () => {
    const { world, ann, ben, list } = await worldOfTwo()
    ann.goOffline()
    const copy = await showCopy(world, ann, { list, length: lengthOf(world, list) - 1 })
    await ben.add(list, 'y')
    await world.settle()
    await world.relay.append(copy, world.relay.logs.get(list)!.items.at(-1)!, false)
    await world.relay.append(copy, world.relay.logs.get(list)!.items.at(-2)!, false)
    ann.goOnline()
    await world.settle()
    await isFrozen(ann, list, 'two-chains')
  })

  test('[RP6] an item that breaks a rule in its header freezes the collection, and what stands before it is read', async () => {
    const { world, ann, ben, list } = await worldOfTwo()
    const eve = await world.createAccount('eve')
    await world.invite(ann, eve, { collection: list, role: 'editor' })
    const late = await forge(eve, list, {})
    ann.pursue({ kind: 'remove-member', collection: list, account: eve.account })
    await world.settle()
    await ben.add(list, 'y')
    await world.settle()
    world.relay.rules.areChecked = false
    await world.relay.append(world.relay.logFor('', list), late)
    await world.relay.fanOut(list)
    await world.settle()
    for (const device of [ann, ben]) {
      await isFrozen(device, list, 'rule-broken')
      expect(device.replica.status(list)!.alarm).toMatchObject({ reason: 'no-right', seq: lengthOf(world, list) })
      expect(device.entries(list)).toEqual(['x', 'y'])
      expect(device.title(list)).toBe('')
    }
  })

  test('[RP6] an item with a wrong signature is not read, and the relay answers for it', async () => {
    const { world, ann, ben, list } = await worldOfTwo()
    const good = await forge(ben, list, {})
    const signature = good.signature.slice()
    signature[10]! ^= 1
    ann.goOffline()
    world.relay.rules.areChecked = false
    await world.relay.append(world.relay.logFor('', list), { ...good, signature })
    ann.goOnline()
    await world.settle()
    await isFrozen(ann, list, 'rule-broken')
    expect(ann.title(list)).toBe('')
  })

  test('[RP8] a relay that lags behind is only asked, one that has lost items is accused', async () => {
    const { world, ann, list } = await worldOfTwo()
    await ann.add(list, 'y')
    await world.settle()
    ann.goOffline()
    const length = lengthOf(world, list)
    // A copy that lags answers the first question late, and the signed one with its true head.
    const lagging = await world.relay.copyOf(list, length - 1)
    const shown = new Map([[list, lagging]])
    world.relay.shown.set(ann.device, shown)
    ann.goOnline()
    while (!world.queue.length) await ann.replica.idle()
    for (let steps = 0; steps < 6; steps += 1) {
      await world.queue.shift()?.()
      await ann.replica.idle()
    }
    world.relay.shown.delete(ann.device)
    await world.settle()
    expect(ann.replica.status(list)).toMatchObject({ kind: 'open' })
    ann.goOffline()
    world.relay.shown.set(ann.device, shown)
    ann.goOnline()
    await world.settle()
    await isFrozen(ann, list, 'log-shortened')
    expect(ann.entries(list)).toEqual(['x', 'y'])
  })

  test('[RP8] an answer that was overtaken by newer receipts of another link is no proof', async () => {
    const { world, ann, ben, list } = await worldOfTwo()
    const { key } = world.relay
    const sent: ClientMessage[] = []
    const read = ann.replica.openLink({
      kind: 'relay',
      key: key.publicKey,
      send: (frame) => void sent.push(readClientFrame(frame)!.message),
      close: () => undefined,
    })
    const give = async (message: RelayMessage): Promise<void> => {
      read.receive(writeRelayFrame(message))
      await ann.replica.idle()
    }
    const receiptAt = (seq: number, nonce?: string) => {
      const claim = { collection: list, generation: 0, seq, chain: world.relay.logs.get(list)!.log.chainAt(seq) }
      return signReceipt({ subtle: crypto.subtle, signingKey: key.privateKey }, { ...claim, nonce })
    }
    const nonceAsked = (): string => sent.filter((message) => message.kind === 'head').at(-1)!.nonce
    await give({ kind: 'welcome', connection: 'slow' })
    const length = lengthOf(world, list)
    await give({ kind: 'receipt', receipt: await receiptAt(length - 1) })
    const answer = await receiptAt(length, nonceAsked())
    await ben.add(list, 'y')
    await world.settle()
    await give({ kind: 'head', receipt: answer })
    expect(ann.replica.status(list)).toMatchObject({ kind: 'open', length: length + 1 })
    await give({ kind: 'receipt', receipt: await receiptAt(length) })
    await give({ kind: 'head', receipt: await receiptAt(length, nonceAsked()) })
    await isFrozen(ann, list, 'log-shortened')
  })

  test('[RP6] an item whose dep is only pending here, and in no log, is proof', async () => {
    const { world, ann, ben, list } = await worldOfTwo()
    for (const device of [ann, ben]) device.goOffline()
    world.connect(ann, ben)
    await ann.add(list, 'y')
    await world.settle()
    await ben.add(list, 'z', 'y')
    await world.settle()
    expect(ann.entries(list)).toEqual(['x', 'y', 'z'])
    const { rows } = await ben.journal.read({ table: 'pending', scope: list })
    const items = await Promise.all(rows.map(({ value }) => readItem(value)))
    const ofBen = items.find((item) => item?.header.device === ben.device)!
    const { log } = world.relay.logs.get(list)!
    const seq = log.length() + 1
    const chain = await nextChain(crypto, log.chainAt(seq - 1), ofBen.id)
    const signer = { subtle: crypto.subtle, signingKey: world.relay.key.privateKey }
    const receipt = await signReceipt(signer, { collection: list, generation: 0, seq, chain })
    const read = ann.replica.openLink({
      kind: 'relay',
      key: world.relay.key.publicKey,
      send: () => undefined,
      close: () => undefined,
    })
    read.receive(writeRelayFrame({ kind: 'welcome', connection: 'liar' }))
    read.receive(writeRelayFrame({ kind: 'items', collection: list, from: seq, receipt }, [writeItem(ofBen)]))
    await ann.replica.idle()
    await isFrozen(ann, list, 'rule-broken')
    expect(ann.entries(list)).toEqual(['x', 'y', 'z'])
  })

  test('[RP6] items under a receipt that the home relay has not signed are not read', async () => {
    const { world, ann, ben, list } = await worldOfTwo()
    ann.goOffline()
    await ben.add(list, 'y')
    await world.settle()
    const other = createFakeRelay({ publicKey: world.relay.key.publicKey, privateKey: ben.identity.signing.privateKey })
    other.logs.set(list, await world.relay.copyOf(list, lengthOf(world, list)))
    const { items } = other.logs.get(list)!
    const receipt = await other.receiptOf(other.logFor('', list))
    let closed = 0
    const read = ann.replica.openLink({
      kind: 'peer',
      account: ben.account,
      device: ben.device,
      send: () => undefined,
      close: () => (closed += 1),
    })
    const frame = { kind: 'items', collection: list, from: items.length, receipt } as const
    read.receive(writeRelayFrame(frame, [writeItem(items.at(-1)!)]))
    await world.settle()
    expect(closed).toBe(1)
    expect(ann.entries(list)).toEqual(['x'])
    expect(ann.replica.status(list)).toMatchObject({ kind: 'open' })
  })

  test('[RP6] a wrong signature on a direct link costs the link alone', async () => {
    const { world, ann, ben, list } = await worldOfTwo()
    ann.goOffline()
    await ben.add(list, 'y')
    await world.settle()
    const { items } = world.relay.logs.get(list)!
    const last = items.at(-1)! as Envelope
    const signature = last.signature.map((byte, index) => (index === 10 ? byte ^ 1 : byte))
    const receipt = await world.relay.receiptOf(world.relay.logFor('', list))
    let closed = 0
    const read = ann.replica.openLink({
      kind: 'peer',
      account: ben.account,
      device: ben.device,
      send: () => undefined,
      close: () => (closed += 1),
    })
    const frame = { kind: 'items', collection: list, from: items.length, receipt } as const
    read.receive(writeRelayFrame(frame, [writeItem({ ...last, signature })]))
    await world.settle()
    expect(closed).toBe(1)
    expect(ann.replica.status(list)).toMatchObject({ kind: 'open' })
    ann.goOnline()
    await world.settle()
    expect(ann.entries(list)).toEqual(['x', 'y'])
  })
})

describe('a new home', () => {
  const titles = (devices: readonly TestDevice[], list: CollectionId) =>
    devices.map((device) => device.entries(list).toSorted())

  test('[RP24] what the new relay lacks is pending again and gets a place there; what had seen it is issued again', async () => {
    const { world, ann, ben, list } = await worldOfTwo()
    ann.goOffline()
    await ben.add(list, 'y')
    await world.settle()
    await ben.add(list, 'z')
    await world.settle()
    ben.goOffline()
    const next = await world.moveTo(ann, list)
    await world.goTo(ann, list, next)
    await ann.add(list, 'w')
    await world.settle()
    await world.goTo(ben, list, next)
    expect(titles([ann, ben], list)).toEqual([
      ['w', 'x', 'y', 'z'],
      ['w', 'x', 'y', 'z'],
    ])
    for (const device of [ann, ben])
      expect(device.replica.status(list)).toMatchObject({ kind: 'open', pending: 0, waiting: 0 })
    for (const device of [ann, ben]) {
      await device.crash()
      await world.goTo(device, list, next)
    }
    expect(titles([ann, ben], list)).toEqual([
      ['w', 'x', 'y', 'z'],
      ['w', 'x', 'y', 'z'],
    ])
  })

  test('[RP24] what had seen far beyond the kept place is issued again at once, also when the new log is short', async () => {
    const { world, ann, ben, list } = await worldOfTwo()
    ann.goOffline()
    // Membership items behind the kept place are gone, so that nothing fills the log up to what the edit had seen.
    for (const byte of [1, 2, 3, 4]) {
      const secret = new Uint8Array(32).fill(byte)
      ben.pursue({ kind: 'invite', collection: list, secret, role: 'viewer', expiresAt: 4_000_000_000_000 })
      await world.settle()
    }
    await ben.add(list, 'p')
    await world.settle()
    const next = await world.moveTo(ann, list)
    await world.goTo(ben, list, next)
    expect(ben.replica.status(list)).toMatchObject({ kind: 'open', pending: 0, waiting: 0 })
    await world.goTo(ann, list, next)
    for (const device of [ann, ben]) expect(device.entries(list)).toEqual(['x', 'p'])
  })

  test('[RP24] a member with a shorter log than the one that was kept just goes on', async () => {
    const { world, ann, ben, list } = await worldOfTwo()
    ben.goOffline()
    await ann.add(list, 'y')
    await world.settle()
    ann.goOffline()
    await ben.add(list, 'z')
    const next = await world.moveTo(ann, list)
    await world.goTo(ann, list, next)
    await world.goTo(ben, list, next)
    expect(titles([ann, ben], list)).toEqual([
      ['x', 'y', 'z'],
      ['x', 'y', 'z'],
    ])
  })

  test('[RP24] who was taken away before the move and lacks the end of the log loses nothing else at the new relay', async () => {
    const { world, ann, list } = await worldOfTwo()
    const cleo = await world.createAccount('cleo')
    await world.invite(ann, cleo, { collection: list, role: 'editor' })
    const own = await world.createShared(cleo)
    cleo.goOffline()
    ann.pursue({ kind: 'remove-member', collection: list, account: cleo.account })
    await world.settle()
    const removedAt = lengthOf(world, list)
    await ann.add(list, 'y')
    await world.settle()
    const next = await world.moveTo(ann, list)
    next.logs.set(own, (await world.moveTo(cleo, own)).logs.get(own)!)
    // A relay shows somebody who was taken away the log up to that place.
    next.shown.set(cleo.device, new Map([[list, await next.copyOf(list, removedAt)]]))
    await cleo.replica.follow(own, next.key.publicKey)
    await world.goTo(cleo, list, next)
    await cleo.add(own, 'q')
    await world.settle()
    expect(cleo.replica.status(own)).toMatchObject({ kind: 'open', pending: 0 })
    expect(cleo.replica.confirmedAt(own)).toBeDefined()
  })

  test('[RP24] a new home ends an alarm about the old one', async () => {
    const { world, ann, ben, list } = await worldOfTwo()
    await showCopy(world, ben, { list, length: lengthOf(world, list) })
    await ann.add(list, 'y')
    await ben.add(list, 'z')
    await world.settle()
    world.connect(ann, ben)
    await world.settle()
    for (const device of [ann, ben]) await isFrozen(device, list, 'two-chains')
    const next = await world.moveTo(ann, list)
    await world.goTo(ann, list, next)
    await world.goTo(ben, list, next)
    // Ben's log was another one behind the place at which they part, so he cannot follow by himself and is told.
    expect(ann.replica.status(list)).toMatchObject({ kind: 'open', alarm: undefined })
    await isFrozen(ben, list, 'two-chains')
    expect(ben.entries(list)).toEqual(['x', 'z'])
  })

  test('[RP24] of two new homes that of the owner longest in office wins, at everybody', async () => {
    const { world, ann, ben, list } = await worldOfTwo()
    const cleo = await world.createAccount('cleo')
    await world.invite(ann, cleo, { collection: list, role: 'editor' })
    for (const device of [ann, ben, cleo]) device.goOffline()
    const first = await world.moveTo(ann, list, 'first')
    const second = await world.moveTo(ben, list, 'second')
    await world.goTo(ben, list, second)
    await world.goTo(cleo, list, second)
    await cleo.add(list, 'y')
    await world.settle()
    await world.goTo(ann, list, first)
    for (const device of [ben, cleo]) await world.goTo(device, list, first)
    expect(titles([ann, ben, cleo], list)).toEqual([
      ['x', 'y'],
      ['x', 'y'],
      ['x', 'y'],
    ])
    await world.goTo(ann, list, second)
    expect(ann.replica.status(list)).toMatchObject({ kind: 'open', pending: 0 })
    await world.goTo(ann, list, first)
    await ann.add(list, 'z')
    await world.settle()
    expect(cleo.entries(list).toSorted()).toEqual(['x', 'y', 'z'])
  })
})
