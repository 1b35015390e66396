import { createHash, randomBytes } from 'node:crypto'
import { signSnapshot } from '@tonestead/protocol/sync/keys/sign-item'
import type { Choice } from '@tonestead/protocol/sync/log/signed-log.testkit'
import { parseDocumentId, syncIdOfBytes } from '@tonestead/protocol/sync/sync-ids'
import { describe, expect, it } from 'vitest'
import { relayRules } from '../log/relay-rules.ts'
import { createMemoryLogDisk } from '../platform/memory/memory-log-store.ts'
import { nonceOf, type TestClient } from '../test-client.testkit.ts'
import { createMemoryRelay, openMemoryLink } from './memory-relay.testkit.ts'
import { startWorld } from './relay-world.testkit.ts'
import {
  join,
  mustAppend,
  newAccountOf,
  newDeviceOf,
  publishAccount,
  readTo,
  share,
  signed,
} from './test-world.testkit.ts'

const { subtle } = globalThis.crypto

describe('reading', () => {
  it('[RC5] sends a member everything after his cursor, in pages, and then what is new', async () => {
    const { client, expectNoFaults } = await startWorld()
    const account = await newAccountOf('Ada')
    const ada = await client({ account })
    const collection = await publishAccount(ada)
    for (let index = 0; index < 12; index += 1) await mustAppend(ada, await ada.envelope(collection, 100_000))
    const second = await client({ account })
    second.subscribe(collection)
    await readTo(second, collection, 13)
    expect(second.messages.filter(({ kind }) => kind === 'items').length).toBeGreaterThan(2)
    await readTo(second, collection, await mustAppend(ada, await ada.envelope(collection)))
    // Who asks for what he has gets the receipt alone.
    const from = second.messages.length
    second.subscribe(collection)
    expect(await second.until(second.isKind('receipt', 'items'), from)).toMatchObject({ kind: 'receipt' })
    expectNoFaults()
  })

  it('[RC5] tells a stranger nothing, not even that there is a log', async () => {
    const { client } = await startWorld()
    const [ada, eve] = [await client(), await client()]
    const collection = await share(ada)
    const asked = [
      { kind: 'subscribe', collection, after: 0 },
      { kind: 'read', collection, after: 0, limit: 10 },
      { kind: 'head', collection, nonce: nonceOf() },
    ] as const
    for (const message of asked) {
      const from = eve.messages.length
      eve.send(message)
      expect(await eve.until(eve.isKind('problem', 'items', 'head'), from)).toMatchObject({
        kind: 'problem',
        code: 'collection-unknown',
      })
    }
    const from = eve.messages.length
    eve.send({ kind: 'ephemeral', collection }, [new Uint8Array(10)])
    expect(await eve.until(eve.isKind('problem'), from)).toMatchObject({ code: 'collection-unknown' })
  })

  it('[RC5] lets who has an invitation’s link read, and nobody who has not', async () => {
    const { client, expectNoFaults } = await startWorld()
    const [ada, ben, eve] = [await client(), await client(), await client()]
    const collection = await share(ada)
    await join(ada, ben, { collection })
    const proof = 'A'.repeat(86)
    const from = eve.messages.length
    eve.send({ kind: 'subscribe', collection, after: 0, invitation: { invitation: 'a'.repeat(52), proof } })
    expect(await eve.until(eve.isKind('problem'), from)).toMatchObject({ code: 'collection-unknown' })
    expectNoFaults()
  })

  it('[RC6] lets a removed member read up to his removal, also later, and nothing after it', async () => {
    const { client, expectNoFaults } = await startWorld()
    const [ada, ben] = [await client(), await client()]
    const collection = await share(ada)
    await join(ada, ben, { collection })
    const removed = await signed(ada, collection, { kind: 'removed', account: ben.account.account })
    const from = ben.messages.length
    const seq = await mustAppend(ada, removed)
    await readTo(ada, collection, seq)
    await mustAppend(ada, await ada.envelope(collection))
    expect(await ben.until(ben.isKind('problem'), from)).toMatchObject({ code: 'no-longer-member', detail: collection })
    expect(ben.logOf(collection).length()).toBe(seq)
    expect(ben.receipts.get(collection)).toMatchObject({ seq })
    const later = await client({ account: ben.account })
    later.subscribe(collection)
    await readTo(later, collection, seq)
    expect(later.logOf(collection).length()).toBe(seq)
    expect(await ben.append(await ben.envelope(collection))).toMatchObject({ kind: 'refused' })
    expectNoFaults()
  })

  it('[RC7] closes the connections of a removed device at once, and refuses what it wrote to other collections', async () => {
    const { client } = await startWorld()
    const account = await newAccountOf('Ada')
    const phone = await client({ account })
    const personal = await publishAccount(phone)
    const laptop = await newDeviceOf('laptop')
    await mustAppend(
      phone,
      await account.change({ kind: 'device-added', device: laptop.public, joinBox: true }, phone.device),
    )
    const second = await client({ account, device: laptop })
    const collection = await share(phone)
    const before = await phone.envelope(collection)
    await readTo(phone, personal, 2)
    const removed: Choice = {
      kind: 'device-removed',
      device: phone.device.id,
      agreementKey: (await newAccountOf('key')).device.public.sealingKey,
    }
    await mustAppend(second, await account.change(removed, laptop))
    expect(await phone.closed).toBe(4403)
    // The shared collection does not know of the removal yet; the relay does.
    expect(await second.append(before)).toMatchObject({ kind: 'refused', reason: 'no-right' })
  })

  it('[RC8] shows an envelope to the other readers as pending before it is durable, as an item after it', async () => {
    const disk = createMemoryLogDisk({ rules: relayRules, syncs: 'by-hand' })
    const { client, expectNoFaults } = await startWorld({ disk })
    const account = await newAccountOf('Ada')
    const ada = await client({ account })
    const publishing = publishAccount(ada)
    await expect.poll(() => (disk.sync(), ada.messages.some(({ kind }) => kind === 'items'))).toBe(true)
    const collection = await publishing
    const second = await client({ account })
    second.subscribe(collection)
    await readTo(second, collection, 1)
    const from = second.messages.length
    const envelope = await ada.envelope(collection)
    const appending = ada.append(envelope)
    await second.until(second.isKind('pending'), from)
    expect(second.pending.map(({ id }) => id)).toEqual([envelope.id])
    expect(second.logOf(collection).length()).toBe(1)
    disk.sync()
    await appending
    await readTo(second, collection, 2)
    expect(ada.pending).toEqual([])
    expectNoFaults()
  })

  it('signs a fresh head with the nonce of who asks', async () => {
    const { client, expectNoFaults } = await startWorld()
    const ada = await client()
    const collection = await share(ada)
    const nonce = nonceOf()
    const from = ada.messages.length
    ada.send({ kind: 'head', collection, nonce })
    expect(await ada.until(ada.isKind('head'), from)).toMatchObject({ receipt: { nonce, seq: 1, collection } })
    expectNoFaults()
  })

  it('sends a reader who takes nothing one page at most, and others do not wait for him', async () => {
    const { client, relay, expectNoFaults } = await startWorld()
    const account = await newAccountOf('Ada')
    const ada = await client({ account })
    const collection = await publishAccount(ada)
    let isStuck = false
    let sent = 0
    const open = openMemoryLink(relay, { isStuck: () => isStuck })
    const slow = await client({
      account,
      open: (handlers) =>
        open({
          onFrame: (frame) => {
            sent += frame.length
            handlers.onFrame(frame)
          },
        }),
    })
    slow.subscribe(collection)
    await readTo(slow, collection, 1)
    const before = sent
    isStuck = true
    for (let index = 0; index < 30; index += 1) await mustAppend(ada, await ada.envelope(collection, 200_000))
    await readTo(ada, collection, 31)
    expect(sent).toBe(before)
    expectNoFaults()
  })
})

describe('other frames', () => {
  it('[RC11] passes ephemeral messages on to the other readers, with the device that sent them', async () => {
    const { client, expectNoFaults } = await startWorld()
    const account = await newAccountOf('Ada')
    const [ada, second] = [await client({ account }), await client({ account })]
    const collection = await publishAccount(ada)
    second.subscribe(collection)
    await readTo(second, collection, 1)
    const bytes = new Uint8Array(randomBytes(100))
    const from = second.messages.length
    ada.send({ kind: 'ephemeral', collection }, [bytes])
    await second.until(second.isKind('ephemeral'), from)
    expect(second.ephemeral).toEqual([{ from: ada.device.id, bytes }])
    expect(ada.ephemeral).toEqual([])
    expectNoFaults()
  })

  it('[RC12] keeps the parts that a snapshot in the log names', async () => {
    const { client, expectNoFaults } = await startWorld()
    const ada = await client()
    const eve = await client()
    const collection = await publishAccount(ada)
    const part = new Uint8Array(randomBytes(5000))
    const hash = createHash('sha256').update(part).digest('hex')
    const put = async (who: TestClient, bytes = part) => {
      const from = who.messages.length
      who.send({ kind: 'put-part', request: 99, collection, hash }, [bytes])
      return who.until(who.isKind('part-stored', 'refused'), from)
    }
    expect(await put(ada)).toMatchObject({ kind: 'refused', reason: 'part-unknown' })
    const log = ada.logOf(collection)
    const snapshot = await signSnapshot(
      { subtle, signingKey: ada.device.signingKey },
      {
        version: 1,
        schemaVersion: 1,
        collection,
        document: parseDocumentId(syncIdOfBytes(new Uint8Array(32))),
        ...ada.account.by(ada.device),
        place: { seq: log.length(), chain: log.chainAt(log.length()) },
        voids: [],
        epoch: log.now()!.epoch,
        salt: new Uint8Array(16),
        parts: [{ bytes: part.length, hash }],
      },
    )
    await mustAppend(ada, snapshot)
    expect(await put(ada, part.subarray(1))).toMatchObject({ kind: 'refused', reason: 'malformed' })
    expect(await put(eve)).toMatchObject({ kind: 'refused', reason: 'not-permitted' })
    expect(await put(ada)).toMatchObject({ kind: 'part-stored', request: 99, hash })
    for (const who of [ada, eve]) {
      const from = who.messages.length
      who.send({ kind: 'get-part', collection, hash })
      await who.until(who.isKind('part'), from)
    }
    expect(ada.parts.get(hash)).toEqual(part)
    expect(eve.parts.get(hash)).toBeUndefined()
    expectNoFaults()
  })

  it('two processes on one store serve one log: items and ephemeral messages pass between them', async () => {
    const { disk, client, expectNoFaults } = await startWorld()
    const other = await createMemoryRelay({ disk })
    const account = await newAccountOf('Ada')
    const ada = await client({ account })
    const collection = await publishAccount(ada)
    const second = await client({ account, open: openMemoryLink(other.relay) })
    second.subscribe(collection)
    await readTo(second, collection, 1)
    await readTo(second, collection, await mustAppend(ada, await ada.envelope(collection)))
    await readTo(ada, collection, await mustAppend(second, await second.envelope(collection)).catch(() => 2))
    const bytes = new Uint8Array(randomBytes(100))
    const from = second.messages.length
    ada.send({ kind: 'ephemeral', collection }, [bytes])
    await second.until(second.isKind('ephemeral'), from)
    expect(second.ephemeral).toEqual([{ from: ada.device.id, bytes }])
    expect(other.faults).toEqual([])
    expectNoFaults()
  })
})
