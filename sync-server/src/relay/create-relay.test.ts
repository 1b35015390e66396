import { randomBytes } from 'node:crypto'
import type { Choice } from '@tonestead/protocol/sync/log/signed-log.testkit'
import { describe, expect, it } from 'vitest'
import { relayRules } from '../log/relay-rules.ts'
import { createMemoryLogDisk } from '../platform/memory/memory-log-store.ts'
import { connect } from '../test-client.testkit.ts'
import { openMemoryLink } from './memory-relay.testkit.ts'
import { defaultRelayLimits } from './relay-limits.ts'
import { deviceLogOf, startWorld } from './relay-world.testkit.ts'
import { join, mustAppend, newAccountOf, newDeviceOf, publishAccount, readTo, share } from './test-world.testkit.ts'

describe('who may connect', () => {
  it('[RC1] takes a device that signs the challenge, and no other signature, device or account', async () => {
    const { client, relay } = await startWorld()
    const [ada, eve] = [await newAccountOf('Ada'), await newAccountOf('Eve')]
    expect((await client({ account: ada })).isClosed()).toBe(false)
    const stolen = { ...ada.device, signingKey: eve.device.signingKey }
    await expect(client({ account: ada, device: stolen })).rejects.toThrow('signature-invalid')
    await expect(client({ account: ada, device: eve.device })).rejects.toThrow('device-unknown')
    await expect(client({ account: ada, deviceLog: deviceLogOf(eve) })).rejects.toThrow('device-unknown')
    // The answer to the challenge of one connection is of no use on another.
    const first = await connect({ open: openMemoryLink(relay), account: ada, authenticates: false })
    const second = await connect({ open: openMemoryLink(relay), account: ada, authenticates: false })
    expect(first.challenge.nonce).not.toBe(second.challenge.nonce)
    second.send({ kind: 'subscribe', collection: ada.log.collection, after: 0 })
    expect(await second.closed).toBe(4401)
  })

  it('[RC2] goes by the account’s own log where it has it: an added device may connect, a removed one may not', async () => {
    const { client, expectNoFaults } = await startWorld()
    const account = await newAccountOf('Ada')
    const phone = await client({ account })
    await publishAccount(phone)
    const laptop = await newDeviceOf('laptop')
    await expect(client({ account, device: laptop })).rejects.toThrow('device-removed')
    const added = await account.change({ kind: 'device-added', device: laptop.public, joinBox: true }, phone.device)
    await mustAppend(phone, added)
    const second = await client({ account, device: laptop })
    expectNoFaults()
    const removed: Choice = {
      kind: 'device-removed',
      device: phone.device.id,
      agreementKey: (await newAccountOf('key')).device.public.sealingKey,
    }
    await mustAppend(second, await account.change(removed, laptop))
    await expect(client({ account })).rejects.toThrow('device-removed')
  })

  it('[RC2] lets only accounts with a pass begin logs, and remembers them', async () => {
    const { client, expectNoFaults } = await startWorld({
      isOpen: false,
      checkPass: (pass) => Promise.resolve(pass === 'good'),
    })
    const account = await newAccountOf('Ada')
    await expect(client({ account, pass: 'bad' })).rejects.toThrow('pass-invalid')
    const guest = await client({ account })
    expect(await guest.append(account.items[0]!)).toMatchObject({ kind: 'refused', reason: 'not-permitted' })
    await client({ account, pass: 'good' })
    await publishAccount(await client({ account }))
    expectNoFaults()
  })

  it('[RC9] closes a connection that does not say who it is, and refuses a frame that is none', async () => {
    let elapse: () => void = () => undefined
    const clock = {
      now: () => Date.now() as never,
      after: () => new Promise<void>((resolve) => (elapse = resolve)),
    }
    const { relay } = await startWorld({ clock })
    const account = await newAccountOf('Ada')
    const silent = await connect({ open: openMemoryLink(relay), account, authenticates: false })
    elapse()
    expect(await silent.closed).toBe(4401)
    const odd = await connect({ open: openMemoryLink(relay), account, authenticates: false })
    odd.sendRaw(new Uint8Array(randomBytes(40)))
    expect(await odd.closed).toBe(4400)
  })
})

describe('writing', () => {
  it('[RC3] gives a receipt that covers the item only after the item is durable', async () => {
    const disk = createMemoryLogDisk({ rules: relayRules, syncs: 'by-hand' })
    const { client, expectNoFaults } = await startWorld({ disk })
    const ada = await client()
    let isDone = false
    const appending = ada.append(ada.account.items[0]!).finally(() => (isDone = true))
    const second = await client()
    // The relay has handled the item when it answers a later frame of another client.
    second.send({ kind: 'ping' })
    await second.until(second.isKind('pong'))
    await ada.settled()
    expect(isDone).toBe(false)
    expect(ada.messages.map(({ kind }) => kind)).toEqual(['challenge', 'welcome'])
    disk.sync()
    expect(await appending).toMatchObject({ kind: 'appended', seq: 1, receipt: { seq: 1, generation: 0 } })
    expectNoFaults()
  })

  it('[RC3] says of an item that it has already where it is', async () => {
    const { client } = await startWorld()
    const ada = await client()
    const [item] = ada.account.items
    expect(await ada.append(item!)).toMatchObject({ kind: 'appended', seq: 1 })
    expect(await ada.append(item!)).toMatchObject({ kind: 'appended', seq: 1 })
  })

  it('stores many envelopes of one connection in their order, without waiting for each', async () => {
    const { client, expectNoFaults } = await startWorld()
    const ada = await client()
    const collection = await publishAccount(ada)
    const envelopes = []
    for (let index = 0; index < 100; index += 1) envelopes.push(await ada.envelope(collection))
    const outcomes = await Promise.all(envelopes.map((envelope) => ada.append(envelope)))
    expect(outcomes.map((outcome) => (outcome.kind === 'appended' ? outcome.seq : outcome.reason))).toEqual(
      envelopes.map((_, index) => index + 2),
    )
    await readTo(ada, collection, 101)
    expectNoFaults()
  })

  it('[RC4] takes from strangers nothing, from viewers no envelope, and from members also what others wrote', async () => {
    const { client, expectNoFaults } = await startWorld()
    const [ada, ben, eve, vic] = [await client(), await client(), await client(), await client()]
    const collection = await share(ada)
    await join(ada, ben, { collection })
    await join(ada, vic, { collection, role: 'viewer' })
    await readTo(ben, collection, ada.logOf(collection).length())
    const written = await ben.envelope(collection)
    // Eve delivers what she overheard, then Ada does.
    expect(await eve.append(written)).toMatchObject({ kind: 'refused', reason: 'not-permitted' })
    expect(await ada.append(written)).toMatchObject({ kind: 'appended' })
    expect(await vic.append(await vic.envelope(collection))).toMatchObject({ kind: 'refused', reason: 'no-right' })
    const altered = { ...(await ada.envelope(collection)), signature: new Uint8Array(64) }
    expect(await ada.append(altered)).toMatchObject({ kind: 'refused', reason: 'signature', isFinal: true })
    expect(await ada.append(new Uint8Array([1, 2, 3]))).toMatchObject({ kind: 'refused', reason: 'malformed' })
    expectNoFaults()
  })

  it('refuses what waits for something not for good', async () => {
    const { client } = await startWorld()
    const ada = await client()
    const collection = await publishAccount(ada)
    const [first, second] = [await ada.envelope(collection), await ada.envelope(collection)]
    expect(await ada.append(second)).toMatchObject({ kind: 'refused', reason: 'number-gap', isFinal: false })
    expect(await ada.append(first)).toMatchObject({ kind: 'appended' })
    expect(await ada.append(second)).toMatchObject({ kind: 'appended' })
  })

  it('[RC10] makes a client wait, and tells one that would wait long to come back', async () => {
    const waits: number[] = []
    const clock = {
      now: () => 1_700_000_000_000 as never,
      after: (ms: number) => {
        if (ms === 5000) return new Promise<void>(() => undefined)
        waits.push(ms)
        return Promise.resolve()
      },
    }
    const device = { burst: 2, perSecond: 0.5 }
    const { client } = await startWorld({
      clock,
      limits: { ...defaultRelayLimits, items: { ...defaultRelayLimits.items, device } },
    })
    const ada = await client()
    const collection = await publishAccount(ada)
    const outcomes = []
    for (let index = 0; index < 4; index += 1) outcomes.push(await ada.append(await ada.envelope(collection)))
    expect(outcomes.slice(0, 3).map(({ kind }) => kind)).toEqual(['appended', 'appended', 'appended'])
    expect(waits).toEqual([2000, 4000])
    expect(outcomes[3]).toMatchObject({ kind: 'refused', reason: 'rate-limited', isFinal: false, retryAfterMs: 6000 })
  })
})
