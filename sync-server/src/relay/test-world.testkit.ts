import { randomBytes } from 'node:crypto'
import { toBase64Url } from '@tonestead/protocol/bytes'
import { sharedCollectionId } from '@tonestead/protocol/sync/derived-ids'
import { createMemoryLog } from '@tonestead/protocol/sync/log/memory-log'
import {
  createAccount,
  createDevice,
  createLink,
  home,
  proveRedemption,
  sign,
  type Account,
  type Choice,
  type Device,
} from '@tonestead/protocol/sync/log/signed-log.testkit'
import type { MembershipItem } from '@tonestead/protocol/sync/membership'
import type { CollectionId } from '@tonestead/protocol/sync/sync-ids'
import type { TestClient } from '../test-client.testkit.ts'

let names = 0
/** An account of its own for every test: the keys follow from the name. */
export const newAccountOf = (name: string): Promise<Account> => createAccount(`${name} ${process.pid} ${(names += 1)}`)
export const newDeviceOf = (name: string): Promise<Device> => createDevice(`${name} ${process.pid} ${(names += 1)}`)

/** Appends what must be taken. */
export const mustAppend = async (client: TestClient, item: Parameters<TestClient['append']>[0]): Promise<number> => {
  const outcome = await client.append(item)
  if (outcome.kind === 'refused') throw new Error(`refused: ${outcome.reason}`)
  return outcome.seq
}

/** Brings the account's own log to the relay and reads it. */
export const publishAccount = async (client: TestClient): Promise<CollectionId> => {
  for (const item of client.account.items) await mustAppend(client, item)
  const { collection } = client.account.log
  client.subscribe(collection)
  await readTo(client, collection, client.account.items.length)
  return collection
}

/** Signs an operation on what the client has read. */
export const signed = (client: TestClient, collection: CollectionId, choice: Choice): Promise<MembershipItem> =>
  sign(client.logOf(collection), choice, {
    by: client.account.by(client.device),
    signingKey: client.device.signingKey,
  })

/** A shared collection of the client's account, which the client reads. */
export const share = async (client: TestClient): Promise<CollectionId> => {
  const nonce = new Uint8Array(randomBytes(16))
  const collection = sharedCollectionId(client.device.id, nonce)
  const created: Choice = {
    kind: 'created',
    nonce: toBase64Url(nonce),
    account: client.account.proof(),
    home: await home(),
  }
  const item = await sign(createMemoryLog({ collection }), created, {
    by: client.account.by(client.device),
    signingKey: client.device.signingKey,
  })
  await mustAppend(client, item)
  client.subscribe(collection)
  await readTo(client, collection, 1)
  return collection
}

/** Waits until the client has read up to a place, with a receipt that covers it. */
export const readTo = async (client: TestClient, collection: CollectionId, seq: number): Promise<void> => {
  for (;;) {
    const from = client.messages.length
    await client.settled()
    if (client.logOf(collection).length() >= seq && (client.receipts.get(collection)?.seq ?? 0) >= seq) return
    await client.until((each): each is (typeof client.messages)[number] => each.kind !== 'challenge', from)
  }
}

/** Invites, and redeems as another account; both read on. Returns the place of the redemption. */
export const join = async (
  owner: TestClient,
  guest: TestClient,
  options: { readonly collection: CollectionId; readonly role?: 'viewer' | 'editor' },
): Promise<number> => {
  const { collection, role = 'editor' } = options
  const { keys, operation } = await createLink(`link ${(names += 1)}`)
  const invited = { ...operation, role, expiresAt: Date.now() + 3_600_000 } as Choice
  await readTo(owner, collection, await mustAppend(owner, await signed(owner, collection, invited)))
  const invitation = [...owner.logOf(collection).now()!.invitations.keys()].at(-1)!
  const redemption = { collection, ...guest.account.by(guest.device) }
  const proof = await proveRedemption(keys.proof.privateKey, redemption)
  guest.send({ kind: 'subscribe', collection, after: 0, invitation: { invitation, proof } })
  await readTo(guest, collection, owner.logOf(collection).length())
  const redeemed: Choice = { kind: 'redeemed', invitation, account: guest.account.proof(), proof, joinBox: true }
  const seq = await mustAppend(guest, await signed(guest, collection, redeemed))
  await Promise.all([readTo(guest, collection, seq), readTo(owner, collection, seq)])
  return seq
}
