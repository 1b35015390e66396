import { describe, expect, test } from 'vitest'
import { toBase64Url } from '@tonestead/protocol/bytes'
import { writeItem } from '@tonestead/protocol/sync/codec/item-codec'
import { writeRelayFrame } from '@tonestead/protocol/sync/frame'
import { keyIdOf } from '@tonestead/protocol/sync/keys/agreement-key'
import { keyHashOf, sealSecret } from '@tonestead/protocol/sync/keys/epoch-keys'
import { epochBoxInfo, sealBox } from '@tonestead/protocol/sync/keys/hpke-box'
import { signMembership } from '@tonestead/protocol/sync/keys/sign-item'
import { parseChainHash } from '@tonestead/protocol/sync/sync-ids'
import { inspect, openForge } from './forge.testkit.ts'
import { maxWaitingPerDevice } from './links/take-pending.ts'
import { createWorld, type TestDevice } from './replica-world.testkit.ts'

const { subtle } = globalThis.crypto

describe('keys of others', () => {
  test('[RP19] a sealed key without the hash that its epoch names is not used, and what it hides is not read', async () => {
    const world = await createWorld()
    const ann = await world.createAccount('ann')
    const ben = await world.createAccount('ben')
    const list = await world.createShared(ann, [[ben, 'editor']])
    const state = world.relay.logs.get(list)!.log.now()!
    const key = Uint8Array.from({ length: 32 }, (_, index) => index)
    const random = (bytes: number) => key.slice(0, bytes)
    const [mine, theirs] = [ann, ben].map(({ account }) => state.members.get(account)!.agreementKey)
    const recipients = [mine!, theirs!].map(keyIdOf).toSorted()
    const boxFor = async (id: string) => {
      const recipient = [mine!, theirs!].find((each) => keyIdOf(each) === id)!
      // Ben gets another key than Ann.
      const plaintext = recipient === theirs ? key.toReversed() : key
      return {
        recipient: id,
        sealed: await sealBox({ subtle, random }, recipient, { info: epochBoxInfo(list), plaintext }),
      }
    }
    const inside = await inspect(ann, list)
    const current = inside.epochs.get(state.epoch)!.bytes
    const terms = { epochKey: key, collection: list, purpose: 'previous-key' } as const
    const previousKey = toBase64Url(await sealSecret({ subtle, random }, terms, current))
    const operation = {
      kind: 'epoch',
      expired: [],
      epoch: { keyHash: keyHashOf(key), recipients, previousKey },
    } as const
    const header = {
      version: 1,
      collection: list,
      account: ann.account,
      device: ann.device,
      base: state.base,
      operation,
    } as const
    const signer = { subtle, signingKey: ann.identity.signing.privateKey }
    const item = await signMembership(signer, header, await Promise.all(recipients.map(boxFor)))
    expect(await world.relay.append(world.relay.logFor('', list), item)).toBeUndefined()
    await world.relay.fanOut(list)
    await world.settle()
    expect(await ann.add(list, 'x')).toEqual({ kind: 'kept' })
    await world.settle()
    expect(ben.entries(list)).toEqual([])
    expect(ben.replica.status(list)).toMatchObject({ kind: 'open', isKeyMissing: true, faults: [] })
    expect(await ben.add(list, 'y')).toEqual({ kind: 'waiting' })
  })

  test('[RP20] a second device opens shared collections with the agreement key from the personal one', async () => {
    const world = await createWorld()
    const ann = await world.createAccount('ann')
    const ben = await world.createAccount('ben')
    const list = await world.createShared(ben, [[ann, 'editor']])
    await ben.add(list, 'x')
    await world.settle()
    const ann2 = await world.addDevice(ann, 'ann2')
    const ann3 = await world.addDevice(ann, 'ann3')
    ann.pursue({ kind: 'remove-device', collection: ann.personal, device: ann2.device })
    await world.settle()
    await ben.add(list, 'y')
    await world.settle()
    await ann3.replica.follow(list)
    await world.settle()
    expect(ann3.entries(list)).toEqual(['x', 'y'])
    await ann3.crash(1000)
    expect(ann3.entries(list)).toEqual(['x', 'y'])
  })

  test('[RP9] many envelopes that come together are applied in one batch', async () => {
    const world = await createWorld()
    const ann = await world.createAccount('ann')
    const ben = await world.createAccount('ben')
    const list = await world.createShared(ann, [[ben, 'editor']])
    ben.goOffline()
    for (const entry of ['p', 'q', 'r', 's']) await ann.add(list, entry)
    await world.settle()
    let changes = 0
    ben.replica.onChange((id) => {
      if (id === list) changes += 1
      expect(ben.entries(list)).toEqual(['p', 'q', 'r', 's'])
    })
    const read = openPeer(ben, ann)
    const { items } = world.relay.logs.get(list)!
    const receipt = await world.relay.receiptOf(world.relay.logFor('', list))
    const first = ben.replica.status(list)!.length + 1
    const frame = { kind: 'items', collection: list, from: first, receipt } as const
    read.receive(writeRelayFrame(frame, items.slice(first - 1).map(writeItem)))
    await world.settle()
    expect(changes).toBe(1)
  })

  test('[RP12] a device fills only its own share of what waits', async () => {
    const world = await createWorld()
    const ann = await world.createAccount('ann')
    const ben = await world.createAccount('ben')
    const list = await world.createShared(ann, [[ben, 'editor']])
    const ahead = { seq: 900, chain: parseChainHash('a'.repeat(52)) }
    const read = openPeer(ann, ben)
    const forging = await openForge(ben, list)
    for (let number = 0; number < maxWaitingPerDevice + 20; number += 1) {
      const envelope = await forging({ changes: [Uint8Array.of(number & 255)], header: { seen: ahead } })
      read.receive(writeRelayFrame({ kind: 'pending', collection: list }, [writeItem(envelope)]))
    }
    await world.settle()
    expect(ann.replica.status(list)!.othersWaiting).toBe(maxWaitingPerDevice)
    expect(await ann.add(list, 'x')).toEqual({ kind: 'kept' })
  })
})

const openPeer = (at: TestDevice, from: TestDevice) =>
  at.replica.openLink({
    kind: 'peer',
    account: from.account,
    device: from.device,
    send: () => undefined,
    close: () => undefined,
  })
