import { describe, expect, test } from 'vitest'
import { writeItem } from '@tonestead/protocol/sync/codec/item-codec'
import { newFeedId } from '@tonestead/protocol/sync/derived-ids'
import type { Envelope } from '@tonestead/protocol/sync/envelope'
import { writeRelayFrame } from '@tonestead/protocol/sync/frame'
import { parseChainHash } from '@tonestead/protocol/sync/sync-ids'
import { forge } from './forge.testkit.ts'
import { createWorld, idOf, type TestDevice, type World } from './replica-world.testkit.ts'

// The rows of notes on the model of the log that concern replicas: what members with real keys can do to the others.

const worldOfThree = async () => {
  const world = await createWorld()
  const ann = await world.createAccount('ann')
  const ben = await world.createAccount('ben')
  const eve = await world.createAccount('eve')
  const list = await world.createShared(ann, [
    [ben, 'owner'],
    [eve, 'editor'],
  ])
  await ann.add(list, 'x')
  await world.settle()
  return { world, ann, ben, eve, list }
}

/** Gives an envelope to a device as if it came on a direct link from another. */
const give = async (_: World, { from, to, envelope }: { from: TestDevice; to: TestDevice; envelope: Envelope }) => {
  const link = { closed: false }
  const read = to.replica.openLink({
    kind: 'peer',
    account: from.account,
    device: from.device,
    send: () => undefined,
    close: () => (link.closed = true),
  })
  read.receive(writeRelayFrame({ kind: 'pending', collection: envelope.header.collection }, [writeItem(envelope)]))
  await to.replica.idle()
  read.closed()
  return link
}

/** Gives an envelope a place by the relay. */
const place = async (world: World, envelope: Envelope): Promise<string | undefined> => {
  const refusal = await world.relay.append(world.relay.logFor('', envelope.header.collection), envelope)
  await world.relay.fanOut(envelope.header.collection)
  await world.settle()
  return refusal
}

const everybodyGoesOn = async (
  world: World,
  devices: readonly TestDevice[],
  list: Parameters<TestDevice['add']>[0],
) => {
  for (const [index, device] of devices.entries()) {
    expect(await device.add(list, `more${'abcdef'[index]!}`)).toEqual({ kind: 'kept' })
    await world.settle()
  }
  const [first, ...others] = devices
  for (const other of others) expect(other.entries(list)).toEqual(first!.entries(list))
  for (const device of devices) expect(device.replica.status(list)).toMatchObject({ kind: 'open', pending: 0 })
}

describe('void bodies', () => {
  test('[RP10] a body that breaks the rules is void for all, names its author, and nobody is frozen', async () => {
    const { world, ann, ben, eve, list } = await worldOfThree()
    const bad = await forge(eve, list, { mutate: (change) => void (change.startOp = 2 ** 29) })
    expect(await place(world, bad)).toBeUndefined()
    for (const device of [ann, ben]) {
      expect(device.title(list)).toBe('')
      expect(device.replica.status(list)).toMatchObject({ kind: 'open', faults: [{ id: bad.id, device: eve.device }] })
    }
    await everybodyGoesOn(world, [ann, ben], list)
  })

  test('[RP10] what follows a void envelope in its feed is void too', async () => {
    const { world, ann, ben, eve, list } = await worldOfThree()
    const bad = await forge(eve, list, { changes: [Uint8Array.of(1, 2, 3)] })
    await place(world, bad)
    const next = await forge(eve, list, { after: { feed: bad.header.feed, number: 1, id: bad.id } })
    await place(world, next)
    for (const device of [ann, ben]) {
      expect(device.title(list)).toBe('')
      expect(device.replica.status(list)!.faults.map(({ id }) => id)).toEqual([bad.id, next.id])
    }
    await everybodyGoesOn(world, [ann, ben], list)
  })

  test('[RP2] a body of another document than its header says is void', async () => {
    const { world, ann, eve, list } = await worldOfThree()
    await place(world, await forge(eve, list, { name: 'queue' }))
    expect(ann.replica.status(list)!.faults).toHaveLength(1)
    expect(ann.title(list)).toBe('')
  })

  test('[RP11] an envelope of an unknown schema makes its document read-only, and is never void', async () => {
    const { world, ann, ben, eve, list } = await worldOfThree()
    await place(world, await forge(eve, list, { header: { schemaVersion: 9 } }))
    await place(world, await forge(eve, list, {}))
    for (const device of [ann, ben]) {
      expect(device.replica.status(list)).toMatchObject({ kind: 'open', needsUpdate: true, faults: [] })
      expect(device.entries(list)).toEqual(['x'])
      expect(device.title(list)).toBe('')
    }
    expect(await ann.add(list, 'y')).toEqual({ kind: 'waiting' })
    await ann.crash()
    expect(ann.replica.status(list)).toMatchObject({ needsUpdate: true, waiting: 1 })
  })
})

describe('pending envelopes', () => {
  test('[RP12] a false `seen` on a direct link kills its envelope and freezes nobody', async () => {
    const { world, ann, eve, list } = await worldOfThree()
    const chain = parseChainHash('a'.repeat(52))
    const envelope = await forge(eve, list, { header: { seen: { seq: 3, chain } } })
    await give(world, { from: eve, to: ann, envelope })
    expect(ann.title(list)).toBe('')
    expect(ann.replica.status(list)).toMatchObject({ kind: 'open', alarm: undefined })
    await everybodyGoesOn(world, [ann], list)
  })

  test('[RP12] nobody writes in the name of another device', async () => {
    const { world, ann, ben, eve, list } = await worldOfThree()
    const claims = { account: ben.account, device: ben.device }
    const salt = new Uint8Array(16)
    const feed = newFeedId({ random: () => salt }, ben.device, undefined)
    const envelope = await forge(eve, list, { header: { ...claims, salt, feed, prev: undefined } })
    await give(world, { from: eve, to: ann, envelope })
    expect(ann.title(list)).toBe('')
    expect(ann.replica.status(list)!.othersWaiting).toBe(0)
    expect(await place(world, envelope)).toBe('signature')
    await everybodyGoesOn(world, [ann, ben], list)
  })

  test('[RP12] what has seen more than the log here waits for the log', async () => {
    const { world, ann, ben, eve, list } = await worldOfThree()
    ann.goOffline()
    await ben.add(list, 'y')
    await world.settle()
    const envelope = await forge(eve, list, { title: 'later' })
    await give(world, { from: eve, to: ann, envelope })
    expect(ann.title(list)).toBe('')
    ann.goOnline()
    await world.settle()
    expect(ann.entries(list)).toEqual(['x', 'y'])
    expect(ann.title(list)).toBe('later')
  })

  test('[RP12] a viewer and a stranger write nothing, also with a signature and a key', async () => {
    const { world, ann, ben, eve, list } = await worldOfThree()
    const before = await forge(eve, list, {})
    ann.pursue({ kind: 'change-role', collection: list, account: eve.account, role: 'viewer' })
    await world.settle()
    for (const envelope of [before, await forge(eve, list, {})]) {
      await give(world, { from: eve, to: ann, envelope })
      await give(world, { from: eve, to: ben, envelope })
      expect(await place(world, envelope)).toBe('no-right')
    }
    for (const device of [ann, ben]) expect(device.title(list)).toBe('')
    await everybodyGoesOn(world, [ann, ben], list)
  })

  test('[RP13] of two envelopes with one number each device shows the first it got, and all show the one with the place', async () => {
    const { world, ann, ben, eve, list } = await worldOfThree()
    const one = await forge(eve, list, { title: 'one' })
    const two = await forge(eve, list, { title: 'two' })
    for (const device of [ann, ben]) device.goOffline()
    await give(world, { from: eve, to: ann, envelope: one })
    await give(world, { from: eve, to: ann, envelope: two })
    await give(world, { from: eve, to: ben, envelope: two })
    expect([ann.title(list), ben.title(list)]).toEqual(['one', 'two'])
    expect(ann.replica.status(list)!.othersWaiting).toBe(1)
    await ann.add(list, 'y')
    await ben.add(list, 'z')
    world.connect(ann, ben)
    await world.settle()
    expect(await place(world, two)).toBeUndefined()
    for (const device of [ann, ben]) device.goOnline()
    await world.settle()
    for (const device of [ann, ben]) {
      expect(device.title(list)).toBe('two')
      expect(device.entries(list).toSorted()).toEqual(['x', 'y', 'z'])
    }
    await everybodyGoesOn(world, [ann, ben], list)
  })

  test('[RP14] what builds on an envelope that dies is made again, once, in a new feed, and counts', async () => {
    const { world, ann, ben, eve, list } = await worldOfThree()
    const pending = await forge(eve, list, { title: 'dies' })
    ann.goOffline()
    await give(world, { from: eve, to: ann, envelope: pending })
    expect(ann.title(list)).toBe('dies')
    await ann.add(list, 'y')
    await ann.add(list, 'z', 'y')
    ben.pursue({ kind: 'remove-member', collection: list, account: eve.account })
    await world.settle()
    ann.goOnline()
    await world.settle()
    for (const device of [ann, ben]) {
      expect(device.title(list)).toBe('')
      expect(device.entries(list)).toEqual(['x', 'y', 'z'])
    }
    const own = world.relay.logs
      .get(list)!
      .items.filter((item) => item.kind === 'envelope' && item.header.device === ann.device)
    expect(own).toHaveLength(3)
    await everybodyGoesOn(world, [ann, ben], list)
  })

  test('[RP14] an intent that is issued again survives a crash at any time, and counts once', async () => {
    for (const crashAt of [0, 1, 2, 3]) {
      const { world, ann, ben, eve, list } = await worldOfThree()
      const pending = await forge(eve, list, { title: 'dies' })
      ann.goOffline()
      await give(world, { from: eve, to: ann, envelope: pending })
      await ann.add(list, 'y')
      ben.pursue({ kind: 'remove-member', collection: list, account: eve.account })
      await world.settle()
      ann.goOnline()
      for (let delivered = 0; delivered < crashAt && world.queue.length > 0; delivered += 1) {
        await world.queue.shift()!()
        await ann.replica.idle()
      }
      await ann.crash()
      ann.goOnline()
      await world.settle()
      for (const device of [ann, ben]) expect(device.entries(list)).toEqual(['x', 'y'])
    }
  })

  test('[RP15] the removal of an entry that is issued again waits for the entry to be issued again', async () => {
    const { world, ann, ben, eve, list } = await worldOfThree()
    const dan = await world.createAccount('dan')
    await world.invite(ann, dan, { collection: list, role: 'editor' })
    const pending = await forge(eve, list, { title: 'dies' })
    for (const device of [ann, dan]) device.goOffline()
    await give(world, { from: eve, to: ann, envelope: pending })
    await ann.add(list, 'y')
    world.connect(ann, dan)
    await world.settle()
    expect(dan.entries(list)).toEqual(['x', 'y'])
    await dan.remove(list, 'y')
    await world.settle()
    expect(ann.entries(list)).toEqual(['x'])
    ben.pursue({ kind: 'remove-member', collection: list, account: eve.account })
    await world.settle()
    // Dan meets the relay first: his removal must not be lost because the entry is not there yet.
    await ann.crash()
    await dan.crash()
    dan.goOnline()
    await world.settle()
    expect(dan.replica.status(list)!.waiting).toBe(1)
    ann.goOnline()
    await world.settle()
    for (const device of [ann, ben, dan]) {
      expect(device.entries(list)).toEqual(['x'])
      expect(device.replica.status(list)).toMatchObject({ waiting: 0, pending: 0 })
    }
  })

  test('[RP15] an intent on an entry whose author has lost the right is given up', async () => {
    const { world, ann, ben, eve, list } = await worldOfThree()
    for (const device of [ann, eve]) device.goOffline()
    world.connect(ann, eve)
    await eve.add(list, 'y')
    await world.settle()
    await ann.remove(list, 'y')
    await ann.add(list, 'z')
    await eve.crash()
    ben.pursue({ kind: 'remove-member', collection: list, account: eve.account })
    await world.settle()
    ann.goOnline()
    await world.settle()
    expect(ann.entries(list)).toEqual(['x', 'z'])
    expect(ann.replica.status(list)).toMatchObject({ waiting: 0, pending: 0 })
    expect(ben.entries(list)).toEqual(['x', 'z'])
  })

  test('[RP17] who was removed keeps what he had not delivered as a local copy, also if he is invited again', async () => {
    const { world, ann, ben, eve, list } = await worldOfThree()
    eve.goOffline()
    await eve.add(list, 'y')
    ann.pursue({ kind: 'remove-member', collection: list, account: eve.account })
    await world.settle()
    eve.goOnline()
    await world.settle()
    await world.invite(ben, eve, { collection: list, role: 'editor' })
    for (const device of [ann, ben, eve]) expect(device.entries(list)).toEqual(['x'])
    const { rows } = await eve.journal.read({ table: 'quarantine', scope: list })
    expect(rows.map(({ value }) => new TextDecoder().decode(value)).join()).toContain(idOf('y'))
    await everybodyGoesOn(world, [ann, eve], list)
  })
})
