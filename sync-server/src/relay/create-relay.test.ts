import { createHash, randomBytes } from 'node:crypto'
import { signSnapshot } from '@tonestead/protocol/sync/keys/sign-item'
import type { Account, Choice } from '@tonestead/protocol/sync/log/signed-log.testkit'
import { parseDocumentId, syncIdOfBytes } from '@tonestead/protocol/sync/sync-ids'
import { describe, expect, it } from 'vitest'
import { relayRules } from '../log/relay-rules.ts'
import { createMemoryLogDisk } from '../platform/memory/memory-log-store.ts'
import { connect, nonceOf, type TestClient } from '../test-client.testkit.ts'
import { createMemoryRelay, openMemoryLink } from './memory-relay.testkit.ts'
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

const deviceLogOf = (account: Account): string[] => {
  const { operation } = account.items[0]!.header
  return operation.kind === 'account-created' ? [operation.deviceLogEntry] : []
}

const start = async (options: Parameters<typeof createMemoryRelay>[0] = {}) => {
  const { relay, disk, faults } = await createMemoryRelay(options)
  const clients: TestClient[] = []
  const client = async (more: Partial<Parameters<typeof connect>[0]> = {}): Promise<TestClient> => {
    const account = more.account ?? (await newAccountOf('Ada'))
    const opened = await connect({ open: openMemoryLink(relay), ...more, account })
    clients.push(opened)
    return opened
  }
  const expectNoFaults = (): void => {
    expect(faults).toEqual([])
    expect(clients.flatMap((each) => each.faults)).toEqual([])
  }
  return { relay, disk, client, expectNoFaults }
}

describe('who may connect', () => {
  it('[SR1] takes a device that signs the challenge, and no other signature, device or account', async () => {
    const { client, relay } = await start()
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

  it('[SR2] goes by the account’s own log where it has it: an added device may connect, a removed one may not', async () => {
    const { client, expectNoFaults } = await start()
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

  it('[SR2] lets only accounts with a pass begin logs, and remembers them', async () => {
    const { client, expectNoFaults } = await start({
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

  it('[SR9] closes a connection that does not say who it is, and refuses a frame that is none', async () => {
    let elapse: () => void = () => undefined
    const clock = {
      now: () => Date.now() as never,
      after: () => new Promise<void>((resolve) => (elapse = resolve)),
    }
    const { relay } = await start({ clock })
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
  it('[SR3] gives a receipt that covers the item only after the item is durable', async () => {
    const disk = createMemoryLogDisk({ rules: relayRules, syncs: 'by-hand' })
    const { client, expectNoFaults } = await start({ disk })
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

  it('[SR3] says of an item that it has already where it is', async () => {
    const { client } = await start()
    const ada = await client()
    const [item] = ada.account.items
    expect(await ada.append(item!)).toMatchObject({ kind: 'appended', seq: 1 })
    expect(await ada.append(item!)).toMatchObject({ kind: 'appended', seq: 1 })
  })

  it('stores many envelopes of one connection in their order, without waiting for each', async () => {
    const { client, expectNoFaults } = await start()
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

  it('[SR4] takes from strangers nothing, from viewers no envelope, and from members also what others wrote', async () => {
    const { client, expectNoFaults } = await start()
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
    const { client } = await start()
    const ada = await client()
    const collection = await publishAccount(ada)
    const [first, second] = [await ada.envelope(collection), await ada.envelope(collection)]
    expect(await ada.append(second)).toMatchObject({ kind: 'refused', reason: 'number-gap', isFinal: false })
    expect(await ada.append(first)).toMatchObject({ kind: 'appended' })
    expect(await ada.append(second)).toMatchObject({ kind: 'appended' })
  })

  it('[SR10] makes a client wait, and tells one that would wait long to come back', async () => {
    const waits: number[] = []
    const clock = {
      now: () => 1_700_000_000_000 as never,
      after: (ms: number) => {
        if (ms === 5000) return new Promise<void>(() => undefined)
        waits.push(ms)
        return Promise.resolve()
      },
    }
    const { limits } = await import('./relay-limits.ts').then(({ defaultRelayLimits }) => ({
      limits: defaultRelayLimits,
    }))
    const device = { burst: 2, perSecond: 0.5 }
    const { client } = await start({ clock, limits: { ...limits, items: { ...limits.items, device } } })
    const ada = await client()
    const collection = await publishAccount(ada)
    const outcomes = []
    for (let index = 0; index < 4; index += 1) outcomes.push(await ada.append(await ada.envelope(collection)))
    expect(outcomes.slice(0, 3).map(({ kind }) => kind)).toEqual(['appended', 'appended', 'appended'])
    expect(waits).toEqual([2000, 4000])
    expect(outcomes[3]).toMatchObject({ kind: 'refused', reason: 'rate-limited', isFinal: false, retryAfterMs: 6000 })
  })
})

describe('reading', () => {
  it('[SR5] sends a member everything after his cursor, in pages, and then what is new', async () => {
    const { client, expectNoFaults } = await start()
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

  it('[SR5] tells a stranger nothing, not even that there is a log', async () => {
    const { client } = await start()
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

  it('[SR5] lets who has an invitation’s link read, and nobody who has not', async () => {
    const { client, expectNoFaults } = await start()
    const [ada, ben, eve] = [await client(), await client(), await client()]
    const collection = await share(ada)
    await join(ada, ben, { collection })
    const proof = 'A'.repeat(86)
    const from = eve.messages.length
    eve.send({ kind: 'subscribe', collection, after: 0, invitation: { invitation: 'a'.repeat(52), proof } })
    expect(await eve.until(eve.isKind('problem'), from)).toMatchObject({ code: 'collection-unknown' })
    expectNoFaults()
  })

  it('[SR6] lets a removed member read up to his removal, also later, and nothing after it', async () => {
    const { client, expectNoFaults } = await start()
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

  it('[SR7] closes the connections of a removed device at once, and refuses what it wrote to other collections', async () => {
    const { client } = await start()
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

  it('[SR8] shows an envelope to the other readers as pending before it is durable, as an item after it', async () => {
    const disk = createMemoryLogDisk({ rules: relayRules, syncs: 'by-hand' })
    const { client, expectNoFaults } = await start({ disk })
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
    const { client, expectNoFaults } = await start()
    const ada = await client()
    const collection = await share(ada)
    const nonce = nonceOf()
    const from = ada.messages.length
    ada.send({ kind: 'head', collection, nonce })
    expect(await ada.until(ada.isKind('head'), from)).toMatchObject({ receipt: { nonce, seq: 1, collection } })
    expectNoFaults()
  })

  it('sends a reader who takes nothing one page at most, and others do not wait for him', async () => {
    const { client, relay, expectNoFaults } = await start()
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
  it('[SR11] passes ephemeral messages on to the other readers, with the device that sent them', async () => {
    const { client, expectNoFaults } = await start()
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

  it('[SR12] keeps the parts that a snapshot in the log names', async () => {
    const { client, expectNoFaults } = await start()
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
    const { disk, client, expectNoFaults } = await start()
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
