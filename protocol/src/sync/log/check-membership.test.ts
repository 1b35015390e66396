import { expect, test } from 'vitest'
import { keyIdOf } from '../keys/agreement-key.ts'
import { maxMembers } from '../sync-limits.ts'
import {
  advance,
  agreementKey,
  append,
  createAccount,
  createShared,
  deviceId,
  invitation,
  invite,
  itemId,
  memberDevice,
  membership,
  put,
  redemption,
  verdictOf,
  type Choice,
  type FakeAccount,
} from './log-world.testkit.ts'
import { createMemoryLog } from './memory-log.ts'
import { recipientsOf } from './recipients.ts'
import type { Author } from './rights.ts'

const linkId = keyIdOf(agreementKey('link'))

/** Olga (owner), Ada (editor) and Vic (viewer). */
const createGroup = () => {
  const [olga, ada, vic, eve] = [
    createAccount('olga'),
    createAccount('ada'),
    createAccount('vic'),
    createAccount('eve'),
  ]
  const log = createShared(olga)
  const [owner, editor, viewer, stranger] = [olga.by('olga1'), ada.by('ada1'), vic.by('vic1'), eve.by('eve1')]
  const join = (who: FakeAccount, role: 'viewer' | 'editor'): void => {
    put(log, membership(log, invitation(`link ${who.name}`, role), { by: owner }))
    put(log, redemption(log, who, keyIdOf(agreementKey(`link ${who.name}`))))
  }
  join(ada, 'editor')
  join(vic, 'viewer')
  const change = (operation: Choice, by: Author) => put(log, membership(log, operation, { by }))
  const verdict = (operation: Choice, by: Author) => verdictOf(log, membership(log, operation, { by }))
  return { olga, ada, vic, eve, log, owner, editor, viewer, stranger, change, verdict, join }
}

test('[LM2] a log begins with a creation, and has no other', () => {
  const { olga, log, owner } = createGroup()
  const empty = createMemoryLog({ collection: log.collection })
  const left = membership(empty, { kind: 'left' }, { by: owner })
  expect(verdictOf(empty, left)).toBe('operation-wrong')
  const created = {
    kind: 'created',
    nonce: '',
    account: { account: olga.account, items: [] },
    home: log.now()!.home,
  } as const
  const again = membership(log, created, { by: owner, account: olga.proof() })
  expect(verdictOf(log, again)).toBe('operation-wrong')
  expect(verdictOf(log, { ...again, header: { ...again.header, base: undefined } })).toBe('base-moved')
})

test('[LM8] a membership item counts only while its base is the newest one', () => {
  const { ada, vic, log, owner, change } = createGroup()
  const both = [ada, vic].map(({ account }) => membership(log, { kind: 'removed', account }, { by: owner }))
  put(log, both[0]!)
  expect(verdictOf(log, both[1]!)).toBe('base-moved')
  expect(verdictOf(log, both[0]!)).toBe('duplicate')
  expect(verdictOf(log, { ...both[1]!, header: { ...both[1]!.header, base: itemId('unknown') } })).toBe('base-moved')
  change({ kind: 'removed', account: vic.account }, owner)
})

test('[LM5] only owners invite, withdraw invitations, change roles and remove', () => {
  const { vic, log, owner, editor, viewer, stranger, verdict } = createGroup()
  invite(log, owner, 'link')
  const operations: Choice[] = [
    invitation('other link', 'viewer'),
    { kind: 'invitation-withdrawn', invitation: linkId },
    { kind: 'role', account: vic.account, role: 'editor' },
    { kind: 'removed', account: vic.account },
  ]
  for (const operation of operations) {
    expect(verdict(operation, owner)).toBe('ok')
    for (const by of [editor, viewer, stranger, { account: owner.account, device: deviceId('removed') }])
      expect(verdict(operation, by)).toBe('no-right')
  }
})

test('[LM5] editors and owners begin epochs; viewers and strangers do not', () => {
  const { owner, editor, viewer, stranger, verdict } = createGroup()
  const epoch = { kind: 'epoch', expired: [] } as const
  expect([owner, editor, viewer, stranger].map((by) => verdict(epoch, by))).toEqual([
    'ok',
    'ok',
    'no-right',
    'no-right',
  ])
})

test('[LM5] every member leaves, whatever his role', () => {
  const { log, editor, viewer, stranger, owner, verdict, change } = createGroup()
  expect([editor, viewer, stranger].map((by) => verdict({ kind: 'left' }, by))).toEqual(['ok', 'ok', 'no-right'])
  change({ kind: 'left' }, viewer)
  expect(log.now()!.members.has(viewer.account)).toBe(false)
  expect(log.now()!.isStale).toBe(true)
  expect(verdict({ kind: 'left' }, owner)).toBe('last-owner')
})

test('[LM5] who is named must be a member, and a change of role must change it', () => {
  const { ada, eve, owner, verdict } = createGroup()
  expect(verdict({ kind: 'removed', account: eve.account }, owner)).toBe('target-wrong')
  expect(verdict({ kind: 'role', account: eve.account, role: 'editor' }, owner)).toBe('target-wrong')
  expect(verdict({ kind: 'role', account: ada.account, role: 'editor' }, owner)).toBe('target-wrong')
})

test('[LM5] operations of a personal collection do not exist in a shared one, and the other way round', () => {
  const { olga, owner, verdict } = createGroup()
  expect(verdict({ kind: 'device-added', device: memberDevice('olga2'), joinBox: true }, owner)).toBe('operation-wrong')
  expect(verdict({ kind: 'device-removed', device: owner.device, agreementKey: agreementKey('new') }, owner)).toBe(
    'operation-wrong',
  )
  const shared: Choice[] = [
    { kind: 'left' },
    { kind: 'role', account: olga.account, role: 'editor' },
    { kind: 'removed', account: olga.account },
    invitation('link', 'editor'),
  ]
  for (const operation of shared)
    expect(verdictOf(olga.log, membership(olga.log, operation, { by: owner }))).toBe('operation-wrong')
})

test('[LM6] the last owner is not removed, not demoted, and does not leave; with a second owner he may', () => {
  const { olga, ada, owner, editor, verdict, change } = createGroup()
  const ways: Choice[] = [{ kind: 'left' }, { kind: 'role', account: olga.account, role: 'viewer' }]
  expect(ways.map((operation) => verdict(operation, owner))).toEqual(['last-owner', 'last-owner'])
  expect(verdict({ kind: 'removed', account: olga.account }, owner)).toBe('last-owner')
  change({ kind: 'role', account: ada.account, role: 'owner' }, owner)
  expect(ways.map((operation) => verdict(operation, owner))).toEqual(['ok', 'ok'])
  expect(verdict({ kind: 'removed', account: olga.account }, editor)).toBe('ok')
})

test('[LM9] an invitation is for a viewer or editor, its key is not in use, and the collection has room', () => {
  const { log, owner, change, verdict } = createGroup()
  expect(verdict(invitation('link', 'owner'), owner)).toBe('target-wrong')
  change(invitation('link', 'editor'), owner)
  expect(verdict(invitation('link', 'viewer'), owner)).toBe('target-wrong')
  for (let open = log.now()!.members.size + 1; open < maxMembers; open += 1)
    append(log, membership(log, invitation(`link ${open}`, 'viewer'), { by: owner, boxes: [] }))
  expect(verdict(invitation('one more', 'viewer'), owner)).toBe('limit')
})

test('[LM10] an open invitation is redeemed once, by an account that is no member, which gets the invited role', () => {
  const { ada, eve, log, owner, editor, stranger, change } = createGroup()
  change(invitation('link', 'viewer'), owner)
  expect(verdictOf(log, redemption(log, ada, linkId))).toBe('target-wrong')
  expect(verdictOf(log, redemption(log, eve, keyIdOf(agreementKey('unknown'))))).toBe('invitation-closed')
  put(log, redemption(log, eve, linkId))
  expect(log.now()!.members.get(eve.account)).toMatchObject({
    role: 'viewer',
    since: log.length(),
    ownerSince: undefined,
  })
  expect(log.now()!.invitations.size).toBe(0)
  expect(verdictOf(log, redemption(log, createAccount('zoe'), linkId))).toBe('invitation-closed')
  change({ kind: 'removed', account: eve.account }, owner)
  expect(verdictOf(log, redemption(log, eve, linkId))).toBe('invitation-closed')
  expect([editor, stranger]).toHaveLength(2)
})

test('[LM10] a withdrawn invitation is closed', () => {
  const { eve, log, owner, change, verdict } = createGroup()
  invite(log, owner, 'link')
  change({ kind: 'invitation-withdrawn', invitation: linkId }, owner)
  expect(verdictOf(log, redemption(log, eve, linkId))).toBe('invitation-closed')
  expect(verdict({ kind: 'invitation-withdrawn', invitation: linkId }, owner)).toBe('invitation-closed')
})

test('[LM11] an epoch closes invitations by name: open ones, each once, in order', () => {
  const { eve, log, owner, editor, verdict, change, olga } = createGroup()
  invite(log, owner, 'link')
  invite(log, owner, 'link 2')
  const expired = [linkId, keyIdOf(agreementKey('link 2'))].sort()
  expect(verdict({ kind: 'epoch', expired: expired.toReversed() }, editor)).toBe('malformed')
  expect(verdict({ kind: 'epoch', expired: [linkId, linkId] }, editor)).toBe('malformed')
  expect(verdict({ kind: 'epoch', expired: [keyIdOf(agreementKey('unknown'))] }, editor)).toBe('invitation-closed')
  change({ kind: 'epoch', expired }, editor)
  expect(log.now()!.invitations.size).toBe(0)
  expect(verdictOf(log, redemption(log, eve, linkId))).toBe('invitation-closed')
  expect(verdictOf(olga.log, membership(olga.log, { kind: 'epoch', expired }, { by: owner }))).toBe('invitation-closed')
})

test('[LM3] every standing device of an account adds and removes devices and begins epochs', () => {
  const olga = createAccount('olga')
  olga.add('olga2', 'olga1')
  const verdict = (operation: Choice, device: string) =>
    verdictOf(olga.log, membership(olga.log, operation, { by: olga.by(device) }))
  const add: Choice = { kind: 'device-added', device: memberDevice('olga3'), joinBox: true }
  expect([verdict(add, 'olga1'), verdict(add, 'olga2'), verdict(add, 'olga9')]).toEqual(['ok', 'ok', 'no-right'])
  expect(verdict({ kind: 'device-added', device: memberDevice('olga1'), joinBox: true }, 'olga1')).toBe('target-wrong')
  expect(
    verdict({ kind: 'device-removed', device: deviceId('olga9'), agreementKey: agreementKey('new') }, 'olga1'),
  ).toBe('target-wrong')
  olga.remove('olga1', 'olga2')
  expect(verdict(add, 'olga1')).toBe('no-right')
  expect(verdict({ kind: 'epoch', expired: [] }, 'olga1')).toBe('no-right')
  expect(verdict({ kind: 'epoch', expired: [] }, 'olga2')).toBe('ok')
  const eve = createAccount('eve')
  expect(verdictOf(olga.log, membership(olga.log, add, { by: eve.by('eve1') }))).toBe('no-right')
})

test('[LM4] who takes a device away gives the account a new agreement key, and does not take itself away', () => {
  const olga = createAccount('olga')
  olga.add('olga2', 'olga1')
  const { agreementKey: same } = olga.proof()
  const remove = (device: string, key = agreementKey('new')): Choice => ({
    kind: 'device-removed',
    device: deviceId(device),
    agreementKey: key,
  })
  const verdict = (operation: Choice, device: string) =>
    verdictOf(olga.log, membership(olga.log, operation, { by: olga.by(device) }))
  expect(verdict(remove('olga2', same), 'olga1')).toBe('account-wrong')
  expect(verdict(remove('olga2'), 'olga2')).toBe('no-right')
  expect(verdict(remove('olga2'), 'olga1')).toBe('ok')
  const restored = (removes: string[], key = agreementKey('new'), name = 'olga3'): Choice => ({
    kind: 'account-restored',
    device: memberDevice(name),
    removes: removes.map(deviceId),
    agreementKey: key,
  })
  expect(verdict(restored(['olga1'], same), 'olga3')).toBe('account-wrong')
  expect(verdict(restored(['olga1', 'olga1']), 'olga3')).toBe('target-wrong')
  expect(verdict(restored(['olga9']), 'olga3')).toBe('target-wrong')
  expect(verdict(restored(['olga1']), 'olga4')).toBe('no-right')
  expect(verdict(restored([], agreementKey('new'), 'olga1'), 'olga1')).toBe('target-wrong')
  expect(verdict(restored(['olga1', 'olga2']), 'olga3')).toBe('ok')
})

test('[LM3] a restored account has the new device instead of those it removes', () => {
  const olga = createAccount('olga')
  olga.add('olga2', 'olga1')
  olga.restore('olga3', ['olga1'])
  const member = olga.log.now()!.members.get(olga.account)!
  expect([...member.devices.keys()].sort()).toEqual([deviceId('olga2'), deviceId('olga3')].sort())
  expect(member.devices.get(deviceId('olga3'))!.since).toBe(3)
})

test('[LK1] removal of a member and withdrawal of an invitation carry the next epoch', () => {
  const { ada, log, owner, change } = createGroup()
  const first = log.now()!.epoch
  const removed = change({ kind: 'removed', account: ada.account }, owner)
  expect(log.now()).toMatchObject({ epoch: removed.id, isStale: false })
  invite(log, owner, 'link')
  const withdrawn = change({ kind: 'invitation-withdrawn', invitation: linkId }, owner)
  expect(log.now()).toMatchObject({ epoch: withdrawn.id, isStale: false })
  expect(first).not.toBe(removed.id)
})

test('[LK1] [LK4] an account that has lost a device makes the epoch stale; one that has gained a device does not', () => {
  const { ada, log, owner, editor } = createGroup()
  ada.add('ada2', 'ada1')
  put(log, advance(log, ada, editor))
  expect(log.now()!.isStale).toBe(false)
  ada.remove('ada2', 'ada1')
  put(log, advance(log, ada, owner))
  expect(log.now()!.isStale).toBe(true)
  put(log, membership(log, { kind: 'epoch', expired: [] }, { by: owner }))
  expect(log.now()!.isStale).toBe(false)
})

test('[LK4] a device that came and went before the collection learned of it makes the epoch stale: it had the key that the epoch is sealed to', () => {
  const { ada, log, editor } = createGroup()
  ada.add('ada2', 'ada1')
  ada.remove('ada2', 'ada1')
  put(log, advance(log, ada, editor))
  expect(log.now()!.isStale).toBe(true)
})

test('[LK1] a change of role does not make the epoch stale: nobody is taken away who reads', () => {
  const { ada, log, owner, change } = createGroup()
  change({ kind: 'role', account: ada.account, role: 'viewer' }, owner)
  expect(log.now()!.isStale).toBe(false)
})

test('[LK2] an epoch is sealed for exactly the members and open invitations after it, sorted by key id', () => {
  const { ada, log, owner, verdict, change } = createGroup()
  invite(log, owner, 'link')
  const ids = recipientsOf(log.now()!).map(({ id }) => id)
  expect(ids).toEqual(
    [...log.now()!.members.values()]
      .map((member) => keyIdOf(member.agreementKey))
      .concat(linkId)
      .sort(),
  )
  const epoch = (recipients: string[]) => verdict({ kind: 'epoch', expired: [], epoch: { recipients } }, owner)
  expect(epoch(ids)).toBe('ok')
  expect(epoch(ids.slice(1))).toBe('recipients-wrong')
  expect(epoch(ids.toReversed())).toBe('recipients-wrong')
  expect(epoch([...ids, keyIdOf(agreementKey('more'))])).toBe('recipients-wrong')
  const removal = verdict({ kind: 'removed', account: ada.account, epoch: { recipients: ids } }, owner)
  expect(removal).toBe('recipients-wrong')
  const closing = verdict({ kind: 'epoch', expired: [linkId], epoch: { recipients: ids } }, owner)
  expect(closing).toBe('recipients-wrong')
  change({ kind: 'epoch', expired: [linkId] }, owner)
})

test('[LK2] an epoch of a personal collection is sealed for its devices and the recovery key', () => {
  const olga = createAccount('olga')
  olga.add('olga2', 'olga1')
  const keys = [agreementKey('sealing olga1'), agreementKey('sealing olga2'), agreementKey('recovery olga')]
  expect(recipientsOf(olga.log.now()!).map(({ id }) => id)).toEqual(keys.map(keyIdOf).sort())
  olga.remove('olga1', 'olga2')
  expect(recipientsOf(olga.log.now()!).map(({ id }) => id)).toEqual(keys.slice(1).map(keyIdOf).sort())
})

test('[LK2] two members with the same key are one recipient, so that a copied key does not make epochs impossible', () => {
  const { eve, log, owner, olga, verdict } = createGroup()
  invite(log, owner, 'link')
  const copied = { ...eve.proof(), agreementKey: olga.proof().agreementKey }
  const item = { ...redemption(log, eve, linkId), account: copied, boxRecipients: [keyIdOf(copied.agreementKey)] }
  put(log, item)
  expect(recipientsOf(log.now()!)).toHaveLength(log.now()!.members.size - 1)
  expect(verdict({ kind: 'epoch', expired: [] }, owner)).toBe('ok')
})

test('[LK3] who is out after an item does not begin its epoch', () => {
  const { olga, ada, log, owner, verdict, change } = createGroup()
  change({ kind: 'role', account: ada.account, role: 'owner' }, owner)
  expect(verdict({ kind: 'removed', account: owner.account }, owner)).toBe('no-right')
  expect(verdict({ kind: 'removed', account: ada.account }, owner)).toBe('ok')
  olga.add('olga2', 'olga1')
  expect(verdict({ kind: 'epoch', expired: [] }, olga.by('olga2'))).toBe('no-right')
  expect(log.now()!.members.size).toBe(3)
})

test('[LK5] every epoch but the first carries the key before it', () => {
  const { owner, verdict } = createGroup()
  expect(verdict({ kind: 'epoch', expired: [], epoch: { previousKey: undefined } }, owner)).toBe('epoch-wrong')
  expect(verdict({ kind: 'epoch', expired: [] }, owner)).toBe('ok')
  const empty = createMemoryLog({ collection: createAccount('olga').log.collection })
  const { log, by } = createAccount('zoe')
  const first = log.now()!
  expect(first.count).toBe(1)
  const choice = { kind: 'account-created', deviceLogEntry: '', device: memberDevice('zoe1') } as const
  expect([empty.length(), by('zoe1').device, choice.kind]).toEqual([0, deviceId('zoe1'), 'account-created'])
})

test('[LK6] sealed keys are exactly for whom the operation says, in order', () => {
  const { ada, eve, log, owner, editor } = createGroup()
  const boxes = (operation: Choice, chosen: string[], by = owner) =>
    verdictOf(log, membership(log, operation, { by, boxes: chosen }))
  const ids = recipientsOf(log.now()!).map(({ id }) => id)
  expect(boxes({ kind: 'epoch', expired: [] }, ids)).toBe('ok')
  expect(boxes({ kind: 'epoch', expired: [] }, ids.slice(1))).toBe('recipients-wrong')
  expect(boxes({ kind: 'epoch', expired: [] }, [...ids, linkId])).toBe('recipients-wrong')
  expect(boxes({ kind: 'left' }, [], editor)).toBe('ok')
  expect(boxes({ kind: 'left' }, [linkId], editor)).toBe('recipients-wrong')
  expect(boxes(invitation('link', 'editor'), [linkId])).toBe('ok')
  expect(boxes(invitation('link', 'editor'), [])).toBe('recipients-wrong')
  invite(log, owner, 'link')
  const joins = redemption(log, eve, linkId)
  expect(joins.boxRecipients).toEqual([keyIdOf(eve.proof().agreementKey)])
  expect(verdictOf(log, { ...joins, boxRecipients: [] })).toBe('recipients-wrong')
  expect(ada.account).not.toBe(eve.account)
})

test('[LK6] in a personal collection a new device gets the key, and a new agreement key is the last box', () => {
  const olga = createAccount('olga')
  const verdict = (operation: Choice, boxes?: readonly string[]) =>
    verdictOf(olga.log, membership(olga.log, operation, { by: olga.by('olga1'), ...(boxes && { boxes }) }))
  const added: Choice = { kind: 'device-added', device: memberDevice('olga2'), joinBox: true }
  expect(verdict(added)).toBe('ok')
  expect(verdict(added, [])).toBe('recipients-wrong')
  olga.add('olga2', 'olga1')
  const removed: Choice = { kind: 'device-removed', device: deviceId('olga2'), agreementKey: agreementKey('new') }
  const right = membership(olga.log, removed, { by: olga.by('olga1') }).boxRecipients
  expect(right.at(-1)).toBe(keyIdOf(agreementKey('new')))
  expect(verdict(removed, right)).toBe('ok')
  expect(verdict(removed, right.slice(0, -1))).toBe('recipients-wrong')
})

test('[LA2] a membership item counts only in the collection that it names', () => {
  const { olga, log, owner } = createGroup()
  const item = membership(log, { kind: 'epoch', expired: [] }, { by: owner })
  expect(verdictOf(log, { ...item, header: { ...item.header, collection: olga.log.collection } })).toBe(
    'wrong-collection',
  )
})

test('[LP2] an account advances only if it is a member', () => {
  const { eve, log, owner } = createGroup()
  expect(verdictOf(log, advance(log, eve, owner))).toBe('target-wrong')
})

test('[LP4] a device that was removed and added again has stood only since the collection learned of it', () => {
  const { ada, log, owner } = createGroup()
  const since = log.now()!.members.get(ada.account)!.devices.get(deviceId('ada1'))!.since
  ada.add('ada2', 'ada1')
  ada.remove('ada1', 'ada2')
  ada.add('ada1', 'ada2')
  put(log, advance(log, ada, owner))
  const { devices } = log.now()!.members.get(ada.account)!
  expect(devices.get(deviceId('ada1'))!.since).toBe(log.length())
  expect(devices.get(deviceId('ada2'))!.since).toBe(log.length())
  ada.add('ada3', 'ada1')
  put(log, advance(log, ada, owner))
  expect(log.now()!.members.get(ada.account)!.devices.get(deviceId('ada1'))!.since).toBe(log.length() - 1)
  expect(since).toBeLessThan(log.length() - 1)
})
