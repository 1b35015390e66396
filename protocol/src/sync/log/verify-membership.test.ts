import { beforeAll, expect, test } from 'vitest'
import { toBase64Url } from '../../bytes.ts'
import { signDeviceLogEntry } from '../../device-log.ts'
import { keyIdOf } from '../keys/agreement-key.ts'
import { writeProofItem } from '../codec/item-codec.ts'
import type { MembershipItem } from '../membership.ts'
import { accountOfMember } from './account-log.ts'
import { createMemoryLog, type MemoryLog } from './memory-log.ts'
import {
  agreementKeyOf,
  createAccount,
  createDevice,
  createLink,
  createShared,
  deps,
  home,
  judge,
  proveRedemption,
  put,
  sign,
  type Account,
  type Choice,
  type Device,
} from './signed-log.testkit.ts'
import { verifyAccountProof } from './verify-account.ts'

let olga: Account
let ada: Account
let shared: MemoryLog
let link: Awaited<ReturnType<typeof createLink>>
beforeAll(async () => {
  olga = await createAccount('olga')
  ada = await createAccount('ada')
  shared = await createShared(olga)
  link = await createLink('link')
})

const byOlga = () => ({ by: olga.by(olga.device), signingKey: olga.device.signingKey })

/** A log of Olga with an open invitation. */
const createInvited = async (): Promise<MemoryLog> => {
  const log = await createShared(olga)
  await put(log, await sign(log, link.operation, byOlga()))
  return log
}

const redeemBy = async (
  log: MemoryLog,
  who: Account,
  options: { device?: Device; key?: CryptoKey; proof?: string } = {},
) => {
  const device = options.device ?? who.device
  const redemption = { collection: log.collection, account: who.account, device: device.id }
  const operation: Choice = {
    kind: 'redeemed',
    invitation: keyIdOf(link.keys.sealing.publicKey),
    account: who.proof(),
    proof: options.proof ?? (await proveRedemption(link.keys.proof.privateKey, redemption)),
    joinBox: true,
  }
  return sign(log, operation, { by: who.by(device), signingKey: options.key ?? device.signingKey })
}

const advanceOf = (who: Account, from: number): Choice => ({ kind: 'account-advanced', account: who.proof(from) })

test('[LM7] an item counts only with the signature of the device that it names', async () => {
  const epoch: Choice = { kind: 'epoch', expired: [] }
  const right = await sign(shared, epoch, byOlga())
  expect(await judge(shared, right)).toBe('ok')
  const signature = right.signature.slice()
  signature[40]! ^= 1
  expect(await judge(shared, { ...right, signature })).toBe('signature')
  expect(await judge(shared, await sign(shared, epoch, { ...byOlga(), signingKey: ada.device.signingKey }))).toBe(
    'signature',
  )
  const forged = { ...right, header: { ...right.header, account: ada.account, device: ada.device.id } }
  expect(await judge(shared, forged)).toBe('no-right')
})

test('[LM7] sealed keys that the header does not name are refused', async () => {
  const right = await sign(shared, { kind: 'epoch', expired: [] }, byOlga())
  const boxes = right.boxes.map(({ recipient }) => ({ recipient, sealed: new Uint8Array(112) }))
  expect(await judge(shared, { ...right, boxes })).toBe('malformed')
})

test('[LM8] what was verified on another base is refused before its signature is verified', async () => {
  const log = await createInvited()
  const old = await sign(log, { kind: 'epoch', expired: [] }, byOlga())
  await put(log, await sign(log, { kind: 'epoch', expired: [] }, byOlga()))
  expect(await judge(log, old)).toBe('base-moved')
})

test('[LM2] the id of a collection follows from its creator', async () => {
  const other = createMemoryLog({ collection: ada.log.collection })
  const operation = olga.items[0]!.header.operation
  if (operation.kind !== 'account-created') throw new Error('no creation')
  const stolen = await sign(other, operation, { by: olga.by(olga.device), signingKey: olga.device.signingKey })
  expect(await judge(other, stolen)).toBe('wrong-collection')
  const created: Choice = {
    kind: 'created',
    nonce: toBase64Url(new Uint8Array(16)),
    account: ada.proof(),
    home: await home(),
  }
  const wrong = createMemoryLog({ collection: shared.collection })
  const item = await sign(wrong, created, { by: ada.by(ada.device), signingKey: ada.device.signingKey })
  expect(await judge(wrong, item)).toBe('wrong-collection')
})

test('[LP1] an account is created by the device for which its root key vouches', async () => {
  const log = createMemoryLog({ collection: ada.log.collection })
  const { operation } = ada.items[0]!.header
  if (operation.kind !== 'account-created') throw new Error('no creation')
  const eve = await createDevice('eve1')
  const by = { account: ada.account, device: eve.id }
  const change = async (changed: Partial<typeof operation>, device: Device = eve) =>
    judge(
      log,
      await sign(
        log,
        { ...operation, ...changed },
        { by: { ...by, device: device.id }, signingKey: device.signingKey },
      ),
    )
  expect(await change({}, ada.device)).toBe('ok')
  expect(await change({ device: eve.public })).toBe('account-wrong')
  const deviceOfEve = { signingKey: eve.public.signingKey, agreementKey: operation.agreementKey, name: 'eve' }
  const entry = { v: 1, kind: 'account-created', device: deviceOfEve, at: 0 } as const
  const claimed = await signDeviceLogEntry(olga.root.privateKey, { ...entry, rootKey: ada.root.publicKey })
  expect(await change({ device: eve.public, deviceLogEntry: claimed })).toBe('account-wrong')
  const ownRoot = await signDeviceLogEntry(olga.root.privateKey, { ...entry, rootKey: olga.root.publicKey })
  expect(await change({ device: eve.public, deviceLogEntry: ownRoot })).toBe('account-wrong')
})

test('[LP5] nobody adds a device under an id that is not the hash of its key', async () => {
  const phone = await createDevice('phone')
  const device = { ...phone.public, device: ada.device.id }
  const item = await sign(olga.log, { kind: 'device-added', device, joinBox: true }, byOlga())
  expect(await judge(olga.log, item)).toBe('target-wrong')
})

test('[LM10] whoever redeems proves with the key of the link that he has it, for his account and device', async () => {
  const log = await createInvited()
  expect(await judge(log, await redeemBy(log, ada))).toBe('ok')
  const redemption = { collection: log.collection, account: ada.account, device: ada.device.id }
  const proofs = [
    await proveRedemption(ada.device.signingKey, redemption),
    await proveRedemption(link.keys.proof.privateKey, { ...redemption, account: olga.account }),
    await proveRedemption(link.keys.proof.privateKey, { ...redemption, device: olga.device.id }),
    await proveRedemption(link.keys.proof.privateKey, { ...redemption, collection: ada.log.collection }),
  ]
  for (const proof of proofs) expect(await judge(log, await redeemBy(log, ada, { proof }))).toBe('signature')
})

test('[LM10] a device that the account proof does not name cannot redeem for the account', async () => {
  const log = await createInvited()
  const eve = await createDevice('eve1')
  expect(await judge(log, await redeemBy(log, ada, { device: eve }))).toBe('no-right')
})

test('[LM7] the root key restores an account; no device does', async () => {
  const zoe = await createAccount('zoe')
  const device = await createDevice('zoe2')
  const restored: Choice = {
    kind: 'account-restored',
    device: device.public,
    removes: [zoe.device.id],
    agreementKey: await agreementKeyOf('zoe restored'),
  }
  const by = zoe.by(device)
  for (const { signingKey } of [device, zoe.device])
    expect(await judge(zoe.log, await sign(zoe.log, restored, { by, signingKey }))).toBe('signature')
  expect(await judge(zoe.log, await sign(zoe.log, restored, { by, signingKey: zoe.root.privateKey }))).toBe('ok')
})

test('[LH1] [LM7] the root key of an owner re-homes a collection; no device does', async () => {
  const keeps = { seq: shared.length(), chain: shared.chainAt(shared.length()) }
  const rehomed: Choice = { kind: 're-homed', generation: 1, keeps, home: await home() }
  expect(await judge(shared, await sign(shared, rehomed, byOlga()))).toBe('signature')
  const { by } = byOlga()
  expect(await judge(shared, await sign(shared, rehomed, { by, signingKey: olga.root.privateKey }))).toBe('ok')
  expect(await judge(shared, await sign(shared, rehomed, { by, signingKey: ada.root.privateKey }))).toBe('signature')
  const stranger = { by: ada.by(ada.device), signingKey: ada.root.privateKey }
  expect(await judge(shared, await sign(shared, rehomed, stranger))).toBe('no-right')
})

/** Zoe with two devices, of which the collection of Olga knows the first. */
const createMember = async (name: string) => {
  const log = await createInvited()
  const zoe = await createAccount(name)
  await put(log, await redeemBy(log, zoe))
  const second = await createDevice(`${name}2`)
  await zoe.change({ kind: 'device-added', device: second.public, joinBox: true }, zoe.device)
  return { log, zoe, second }
}

test('[LM7] [LP2] anyone delivers the next items of an account: another member, or a device that they name', async () => {
  const { log, zoe, second } = await createMember('zoe')
  const advance = advanceOf(zoe, 1)
  expect(await judge(log, await sign(log, advance, byOlga()))).toBe('ok')
  expect(await judge(log, await sign(log, advance, { by: zoe.by(second), signingKey: second.signingKey }))).toBe('ok')
  const eve = await createAccount('eve')
  const stranger = { by: eve.by(eve.device), signingKey: eve.device.signingKey }
  expect(await judge(log, await sign(log, advance, stranger))).toBe('no-right')
})

test('[LP2] a proof begins where the knowledge of the collection ends', async () => {
  const { log, zoe, second } = await createMember('zoe')
  await zoe.change(
    { kind: 'device-removed', device: second.id, agreementKey: await agreementKeyOf('zoe 2') },
    zoe.device,
  )
  const known = accountOfMember(log.now()!.members.get(zoe.account)!)
  const proved = await verifyAccountProof(deps, zoe.proof(1), known)
  expect(proved).toMatchObject({ items: 3, base: zoe.items[2]!.id })
  expect(proved!.devices.get(zoe.device.id)!.since).toBe(0)
  for (const from of [0, 2, 3]) expect(await verifyAccountProof(deps, zoe.proof(from), known)).toBeUndefined()
  const { items } = zoe.proof(1)
  expect(await verifyAccountProof(deps, { account: zoe.account, items: items.toReversed() }, known)).toBeUndefined()
  expect(await verifyAccountProof(deps, { account: ada.account, items }, known)).toBeUndefined()
  expect(await verifyAccountProof(deps, zoe.proof(1), undefined)).toBeUndefined()
})

test('[LP3] each item of a proof is signed by a device that stood then, and is allowed', async () => {
  const { log, zoe, second } = await createMember('zoe')
  await zoe.change(
    { kind: 'device-removed', device: second.id, agreementKey: await agreementKeyOf('zoe 2') },
    zoe.device,
  )
  const known = accountOfMember(log.now()!.members.get(zoe.account)!)
  const third = await createDevice('zoe3')
  const add: Choice = { kind: 'device-added', device: third.public, joinBox: true }
  const withNext = async (choice: Choice, by: Device, signingKey = by.signingKey) => {
    const next = await sign(zoe.log, choice, { by: zoe.by(by), signingKey })
    const items = [...zoe.proof(1).items, toBase64Url(writeProofItem(next))]
    return (await verifyAccountProof(deps, { account: zoe.account, items }, known)) !== undefined
  }
  expect(await withNext(add, zoe.device)).toBe(true)
  expect(await withNext(add, second)).toBe(false)
  expect(await withNext(add, zoe.device, second.signingKey)).toBe(false)
  expect(await withNext({ ...add, device: { ...third.public, device: second.id } }, zoe.device)).toBe(false)
  expect(await withNext({ ...add, device: zoe.device.public }, zoe.device)).toBe(false)
  const agreementKey = await agreementKeyOf('zoe 3')
  expect(await withNext({ kind: 'device-removed', device: zoe.device.id, agreementKey }, zoe.device)).toBe(false)
})

test('[LP3] items of another account or collection, and texts that are no items, prove nothing', async () => {
  const known = undefined
  const { items } = ada.proof()
  expect(await verifyAccountProof(deps, { account: ada.account, items }, known)).toBeDefined()
  expect(await verifyAccountProof(deps, { account: olga.account, items }, known)).toBeUndefined()
  for (const text of ['', 'A', '*', 'AAAA', `${items[0]!}AA`, shared.collection])
    expect(await verifyAccountProof(deps, { account: ada.account, items: [text] }, known)).toBeUndefined()
  expect(await verifyAccountProof(deps, { account: ada.account, items: [] }, known)).toBeUndefined()
})

test('[LP6] an account whose collection was re-homed without its newest items begins its proof anew', async () => {
  const { log, zoe } = await createMember('zoe')
  await put(log, await sign(log, advanceOf(zoe, 1), byOlga()))
  const cut: MembershipItem[] = [zoe.items[0]!]
  zoe.log.truncate(1)
  const keeps = { seq: 1, chain: zoe.log.chainAt(1) }
  const rehomed: Choice = { kind: 're-homed', generation: 1, keeps, home: await home() }
  const item = await sign(zoe.log, rehomed, { by: zoe.by(zoe.device), signingKey: zoe.root.privateKey })
  await put(zoe.log, item)
  const proofOf = (items: readonly MembershipItem[]): Choice => ({
    kind: 'account-advanced',
    account: { account: zoe.account, items: items.map((one) => toBase64Url(writeProofItem(one))) },
  })
  const before = accountOfMember(log.now()!.members.get(zoe.account)!)
  const onlyNew = { account: zoe.account, items: [toBase64Url(writeProofItem(item))] }
  expect(await verifyAccountProof(deps, onlyNew, before)).toBeUndefined()
  await put(log, await sign(log, proofOf([...cut, item]), byOlga()))
  const member = log.now()!.members.get(zoe.account)!
  expect(member).toMatchObject({ accountItems: 2, accountGeneration: 1, accountBase: item.id })
  expect([...member.devices.values()].map(({ since }) => since)).toEqual([log.length()])
  expect(log.now()!.isStale).toBe(true)
  const known = accountOfMember(member)
  expect(
    await verifyAccountProof(deps, { account: zoe.account, items: zoe.proof().items.slice(0, 1) }, known),
  ).toBeUndefined()
})
