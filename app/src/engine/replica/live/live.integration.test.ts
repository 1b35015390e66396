import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { maxLiveMessageBytes } from '@tonestead/protocol/sync/sync-limits'
import { createRealRelayWorld, until } from '../real-relay-world.testkit.ts'
import { createWorld } from '../replica-world.testkit.ts'
import { forgeLive, giveLive, hear, keysOf, say } from './live.testkit.ts'

const threeAtRelay = async () => {
  const { world } = await createRealRelayWorld()
  const ann = await world.createAccount('ann')
  const ben = await world.createAccount('ben')
  const eve = await world.createAccount('eve')
  for (const device of [ann, ben, eve])
    await until(world, () => device.replica.confirmedAt(device.personal) !== undefined)
  const list = await world.createShared(ann, [
    [ben, 'viewer'],
    [eve, 'editor'],
  ])
  await until(world, () => [ann, ben, eve].every(({ replica }) => replica.status(list)?.length === 5))
  return { world, ann, ben, eve, list }
}

const twoLinked = async () => {
  const world = await createWorld()
  const ann = await world.createAccount('ann')
  const ben = await world.createAccount('ben')
  const list = await world.createShared(ann, [[ben, 'editor']])
  return { world, ann, ben, list, keys: await keysOf(ann, list) }
}

describe('at a real relay', () => {
  test('[RP33] [RP32] a live message reaches the other members once, viewers too, and not its author', async () => {
    const { world, ann, ben, eve, list } = await threeAtRelay()
    const [atAnn, atBen, atEve] = [ann, ben, eve].map(hear)
    expect(await say(ann, list, 'one')).toBe('sent')
    expect(await say(ben, list, 'two')).toBe('sent')
    await until(world, () => atEve!.length === 2 && atBen!.length === 1 && atAnn!.length === 1)
    expect([atAnn, atBen, atEve]).toEqual([['two'], ['one'], ['one', 'two']])
    expect(ann.replica.status(list)).toMatchObject({ length: 5, pending: 0 })
  })

  test('[RP33] nothing is sent without the key of the epoch, while it is stale, without a right, or without a link', async () => {
    const { world, ann, ben, eve, list } = await threeAtRelay()
    const left = eve.pursue({ kind: 'leave', collection: list })
    await until(world, () => left.outcome !== undefined && ben.replica.status(list)!.isStale)
    // A viewer cannot begin the next epoch.
    expect(await say(ben, list, 'stale')).toBe('no-key')
    expect(await say(eve, list, 'left')).toBe('no-right')
    ann.goOffline()
    expect(await say(ann, ann.personal, 'offline')).toBe('offline')
    expect(await say(ann, ben.personal, 'not mine')).toBe('no-right')
  })

  test('[RP32] a removed member is not heard any more, and hears nothing of the next epoch', async () => {
    const { world, ann, ben, eve, list } = await threeAtRelay()
    const old = await keysOf(eve, list)
    const removed = ann.pursue({ kind: 'remove-member', collection: list, account: eve.account })
    await until(world, () => removed.outcome === 'done' && ben.replica.status(list)!.length === 6)
    const [atBen, atEve] = [hear(ben), hear(eve)]
    await giveLive({ from: eve, to: ben }, [await forgeLive(eve, old, { text: 'old key' })])
    await giveLive({ from: ann, to: ben }, [await forgeLive(ann, old, { text: 'old epoch', run: 9 })])
    expect(await say(ann, list, 'hello')).toBe('sent')
    await until(world, () => atBen.length > 0)
    expect([atBen, atEve]).toEqual([['hello'], []])
  })
})

describe('by direct links', () => {
  test('[RP33] a live message goes by a direct link when the relay is gone, and comes once when both ways are open', async () => {
    const { world, ann, ben, list } = await twoLinked()
    world.connect(ann, ben)
    await world.settle()
    ann.goOffline()
    const atBen = hear(ben)
    expect(await say(ann, list, 'direct')).toBe('sent')
    await world.settle()
    world.connect(ann, ben)
    await world.settle()
    await say(ann, list, 'twice')
    await world.settle()
    expect(atBen).toEqual(['direct', 'twice'])
  })

  test('[RP32] a repeated message is left out, also after a newer run; numbers may come in another order', async () => {
    const { ann, ben, keys } = await twoLinked()
    const heard = hear(ben)
    const make = (run: number, number: number) => forgeLive(ann, keys, { text: `${run}/${number}`, run, number })
    const [first, second, far] = [await make(100, 1), await make(100, 2), await make(100, 400)]
    const [late, newer] = [await make(100, 145), await make(101, 1)]
    await giveLive({ from: ann, to: ben }, [second, first, second, far, late, first, late, newer, far, newer])
    expect(heard).toEqual(['100/2', '100/1', '100/400', '100/145', '101/1'])
  })

  test('[RP32] [RP34] forged and altered messages are left out', async () => {
    const { world, ann, ben, keys } = await twoLinked()
    const eve = await world.createAccount('eve')
    const heard = hear(ben)
    const honest = await forgeLive(ann, keys, { text: 'honest' })
    const stranger = await forgeLive(eve, keys, { text: 'stranger' })
    const inHerName = await forgeLive(eve, keys, { text: 'in her name', as: ann })
    await giveLive({ from: eve, to: ben }, [stranger, inHerName])
    await fc.assert(
      fc.asyncProperty(fc.nat(honest.length * 8 - 1), async (bit) => {
        const altered = new Uint8Array(honest)
        altered[bit >> 3]! ^= 1 << (bit & 7)
        await giveLive({ from: ann, to: ben }, [altered])
      }),
    )
    expect(heard).toEqual([])
    await giveLive({ from: ann, to: ben }, [honest, await forgeLive(ann, keys, { text: '2', number: 2 })])
    expect(heard).toEqual(['honest', '2'])
  })

  test('[RP34] what is too large is not sent, and beyond the rates messages are left out', async () => {
    const { world, ann, ben, list, keys } = await twoLinked()
    expect(await say(ann, list, 'x'.repeat(maxLiveMessageBytes + 1))).toBe('too-large')
    expect(await say(ann, list, '')).toBe('too-large')
    const heard = hear(ben)
    world.connect(ann, ben)
    await world.settle()
    const outcomes = await Promise.all(Array.from({ length: 120 }, () => say(ann, list, 'again')))
    await world.settle()
    expect(outcomes.filter((each) => each === 'too-often')).toHaveLength(20)
    expect(heard).toHaveLength(100)
    const flood = Array.from({ length: 400 }, (_, index) => forgeLive(ann, keys, { text: 'f', number: index + 1 }))
    await giveLive({ from: ann, to: ben }, await Promise.all(flood))
    expect(heard.length).toBeLessThan(300)
  })

  test('[RP34] bytes that are no live message close their link', async () => {
    const { ann, ben } = await twoLinked()
    expect(await giveLive({ from: ann, to: ben }, [Uint8Array.of(1, 2, 3)])).toBe(true)
  })
})
