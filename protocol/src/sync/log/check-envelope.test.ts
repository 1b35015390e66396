import { expect, test } from 'vitest'
import { keyIdOf } from '../keys/agreement-key.ts'
import { maxBodyBytes, maxDeps } from '../sync-limits.ts'
import {
  advance,
  agreementKey,
  chainHash,
  createAccount,
  createShared,
  envelope,
  invite,
  itemId,
  membership,
  put,
  redemption,
  verdictOf,
} from './log-world.testkit.ts'
import { mayWrite, signingKeyOf } from './rights.ts'
import type { VerifiedItem } from './verified-item.ts'

/** A collection of Olga (owner) and Ada (editor), both with one device. */
const createPair = () => {
  const [olga, ada] = [createAccount('olga'), createAccount('ada')]
  const log = createShared(olga)
  const [owner, editor] = [olga.by('olga1'), ada.by('ada1')]
  const join = (): void => {
    invite(log, owner, 'link')
    put(log, redemption(log, ada, keyIdOf(agreementKey('link'))))
  }
  join()
  const change = (operation: Parameters<typeof membership>[1], by = owner) =>
    put(log, membership(log, operation, { by }))
  return { olga, ada, log, owner, editor, join, change }
}

test('[LE1] [LE2] what an author has seen must be in the log: it waits beyond the end, and another chain never counts', () => {
  const { log, editor } = createPair()
  const ahead = { seq: log.length() + 1, chain: chainHash('ahead') }
  expect(verdictOf(log, envelope(log, editor, { header: { seen: ahead } }))).toBe('seen-ahead')
  const off = { seq: log.length(), chain: chainHash('another') }
  expect(verdictOf(log, envelope(log, editor, { header: { seen: off } }))).toBe('seen-off-chain')
  expect(verdictOf(log, envelope(log, editor))).toBe('ok')
})

test('[LE1] an author whom the log does not know waits while it has seen more than the log has', () => {
  const { log } = createPair()
  const stranger = createAccount('eve').by('eve1')
  const ahead = { seq: log.length() + 1, chain: chainHash('ahead') }
  expect(verdictOf(log, envelope(log, stranger, { header: { seen: ahead } }))).toBe('seen-ahead')
})

test('[LE3] strangers, viewers, and devices that do not stand may not write', () => {
  const { ada, log, owner, editor, change } = createPair()
  expect(verdictOf(log, envelope(log, createAccount('eve').by('eve1')))).toBe('no-right')
  expect(verdictOf(log, envelope(log, ada.by('ada2')))).toBe('no-right')
  expect(verdictOf(log, envelope(log, { account: owner.account, device: editor.device }))).toBe('no-right')
  change({ kind: 'role', account: ada.account, role: 'viewer' })
  expect(verdictOf(log, envelope(log, editor))).toBe('no-right')
  expect(signingKeyOf(log.now(), editor.account, editor.device)).toBeDefined()
  expect(mayWrite(log.now(), editor, log.length())).toBe(false)
})

test('[LE4] whoever joins writes only after reading his own redemption', () => {
  const { log, editor } = createPair()
  expect(verdictOf(log, envelope(log, editor, { seen: log.length() - 1 }))).toBe('right-broken')
  expect(mayWrite(log.now(), editor, log.length() - 1)).toBe(false)
})

test('[LE4] what a removed member had not delivered does not count, also if he is invited again', () => {
  const { ada, log, owner, editor, change } = createPair()
  const old = envelope(log, editor)
  change({ kind: 'removed', account: ada.account })
  expect(verdictOf(log, old)).toBe('no-right')
  invite(log, owner, 'again')
  put(log, redemption(log, ada, keyIdOf(agreementKey('again'))))
  expect(verdictOf(log, old)).toBe('right-broken')
  expect(verdictOf(log, envelope(log, editor))).toBe('ok')
})

test('[LE4] what an editor wrote before he became a viewer does not count, also when he is an editor again', () => {
  const { ada, log, editor, change } = createPair()
  const old = envelope(log, editor)
  change({ kind: 'role', account: ada.account, role: 'viewer' })
  change({ kind: 'role', account: ada.account, role: 'editor' })
  expect(verdictOf(log, old)).toBe('right-broken')
  expect(verdictOf(log, envelope(log, editor))).toBe('ok')
})

test('[LE4] a change between editor and owner does not break the right', () => {
  const { ada, log, editor, change } = createPair()
  const old = envelope(log, editor)
  change({ kind: 'role', account: ada.account, role: 'owner' })
  expect(verdictOf(log, old)).toBe('ok')
  change({ kind: 'role', account: ada.account, role: 'editor' })
  expect(verdictOf(log, old)).toBe('ok')
})

test('[LE4] a device writes only what it made after the collection learned of it', () => {
  const { ada, log, editor } = createPair()
  ada.add('ada2', 'ada1')
  const early = envelope(log, ada.by('ada2'))
  put(log, advance(log, ada, editor))
  expect(verdictOf(log, early)).toBe('right-broken')
  expect(verdictOf(log, envelope(log, ada.by('ada2')))).toBe('ok')
})

test('[LE5] numbers of a feed follow one another: one that is used is taken, one that is too high waits', () => {
  const { log, editor } = createPair()
  const first = envelope(log, editor)
  expect(verdictOf(log, envelope(log, editor, { header: { number: 2, prev: itemId('missing') } }))).toBe('number-gap')
  put(log, first)
  expect(verdictOf(log, first)).toBe('duplicate')
  const { feed } = first.header
  expect(verdictOf(log, envelope(log, editor, { header: { feed, number: 1, prev: undefined } }))).toBe('number-taken')
  expect(verdictOf(log, envelope(log, editor, { header: { number: 3, prev: itemId('missing') } }))).toBe('number-gap')
  expect(verdictOf(log, envelope(log, editor, { header: { number: 3 } }))).toBe('prev-wrong')
  expect(verdictOf(log, envelope(log, editor))).toBe('ok')
})

test('[LE6] a new feed begins with the last envelope of the device, and closes the feed before it', () => {
  const { log, editor, owner } = createPair()
  const first = put(log, envelope(log, editor))
  const next = envelope(log, editor)
  const unnamed = envelope(log, editor, { last: undefined })
  expect(verdictOf(log, unnamed)).toBe('prev-wrong')
  const other = put(log, envelope(log, owner))
  expect(verdictOf(log, envelope(log, editor, { newFeed: true, last: log.lastOfDevice(owner.device) }))).toBe(
    'prev-wrong',
  )
  put(log, envelope(log, editor, { newFeed: true }))
  expect(verdictOf(log, next)).toBe('prev-wrong')
  expect(verdictOf(log, envelope(log, editor))).toBe('ok')
  expect(first.id).not.toBe(other.id)
})

test('[LE6] an envelope waits for the one before it, at a relay also when that is pending elsewhere', () => {
  const { log, editor } = createPair()
  const first = envelope(log, editor)
  const record = { device: editor.device, feed: first.header.feed, number: 1, id: first.id, seenSeq: log.length() }
  expect(verdictOf(log, envelope(log, editor, { last: record }))).toBe('number-gap')
  expect(verdictOf(log, envelope(log, editor, { last: record, newFeed: true }))).toBe('dep-missing')
})

test('[LE7] nobody opens a feed under the id of another device', () => {
  const { log, editor, owner } = createPair()
  const taken = envelope(log, editor)
  expect(verdictOf(log, envelope(log, owner, { header: { feed: taken.header.feed } }))).toBe('feed-wrong')
  expect(verdictOf(log, envelope(log, owner, { header: { feed: taken.header.feed, salt: taken.header.salt } }))).toBe(
    'feed-wrong',
  )
})

test('[LE8] in a feed, seen never goes back; in a new feed it may', () => {
  const { log, editor, owner } = createPair()
  put(log, envelope(log, owner))
  put(log, envelope(log, editor))
  expect(verdictOf(log, envelope(log, editor, { seen: log.length() - 2 }))).toBe('seen-goes-back')
  expect(verdictOf(log, envelope(log, editor, { seen: log.length() - 2, newFeed: true }))).toBe('ok')
})

test('[LE9] an envelope is sealed under the epoch at the place that its author has seen', () => {
  const { log, editor, change } = createPair()
  const before = log.length()
  const old = log.now()!.epoch
  const sealedBefore = envelope(log, editor)
  change({ kind: 'epoch', expired: [] })
  expect(verdictOf(log, sealedBefore)).toBe('ok')
  expect(verdictOf(log, envelope(log, editor, { header: { epoch: old } }))).toBe('epoch-wrong')
  expect(verdictOf(log, envelope(log, editor, { seen: before, header: { epoch: log.now()!.epoch } }))).toBe(
    'epoch-wrong',
  )
})

test('[LE9] [LK1] while the epoch is stale, nothing that has seen so counts, until the next epoch', () => {
  const { ada, log, owner, editor, change } = createPair()
  const before = envelope(log, owner)
  change({ kind: 'left' }, editor)
  expect(log.now()!.isStale).toBe(true)
  expect(verdictOf(log, envelope(log, owner))).toBe('epoch-stale')
  expect(verdictOf(log, before)).toBe('ok')
  const stale = envelope(log, owner)
  change({ kind: 'epoch', expired: [] })
  expect(verdictOf(log, stale)).toBe('epoch-stale')
  expect(verdictOf(log, envelope(log, owner))).toBe('ok')
  expect(log.now()!.members.has(ada.account)).toBe(false)
})

test('[LE10] a header beyond the limits of its version never counts', () => {
  const { log, editor } = createPair()
  const refused = (header: Parameters<typeof envelope>[2]) => verdictOf(log, envelope(log, editor, header))
  expect(refused({ header: { bodyBytes: maxBodyBytes + 1 } })).toBe('limit')
  expect(refused({ header: { changeHashes: [] } })).toBe('limit')
  expect(refused({ header: { deps: Array.from({ length: maxDeps + 1 }, (_, index) => itemId(`${index}`)) } })).toBe(
    'limit',
  )
})

test('[LE11] an envelope waits for what it builds on', () => {
  const { log, editor, owner } = createPair()
  const first = envelope(log, owner)
  const built = envelope(log, editor, { header: { deps: [first.id] } })
  expect(verdictOf(log, built)).toBe('dep-missing')
  put(log, first)
  expect(verdictOf(log, built)).toBe('ok')
})

test('[LE12] at a replica, a pending envelope may follow a pending one of the same device and feed only', () => {
  const [olga] = [createAccount('olga')]
  const pending = new Map<string, VerifiedItem>()
  const log = createShared(olga, (id) => {
    const item = pending.get(id)
    if (item?.kind !== 'envelope') return undefined
    const { device, feed, number, seen } = item.header
    return { device, feed, number, id: item.id, seenSeq: seen.seq }
  })
  olga.add('olga2', 'olga1')
  put(log, advance(log, olga, olga.by('olga1')))
  const [own, other] = [olga.by('olga1'), olga.by('olga2')]
  const first = envelope(log, own)
  pending.set(first.id, first)
  const { device, feed, number } = first.header
  const last = { device, feed, number, id: first.id, seenSeq: log.length() }
  expect(verdictOf(log, envelope(log, own, { last }))).toBe('ok')
  expect(verdictOf(log, envelope(log, own, { last, newFeed: true }))).toBe('ok')
  expect(verdictOf(log, envelope(log, own, { last, seen: log.length() - 1 }))).toBe('seen-goes-back')
  expect(verdictOf(log, envelope(log, other, { last }))).toBe('prev-wrong')
  expect(verdictOf(log, envelope(log, own, { last: { ...last, number: 2 } }))).toBe('prev-wrong')
  expect(verdictOf(log, envelope(log, other, { header: { deps: [first.id] } }))).toBe('ok')
})

test('[LA2] an item counts only in the collection that it names', () => {
  const { log, editor, olga } = createPair()
  const elsewhere = createShared(olga).collection
  expect(verdictOf(log, envelope(log, editor, { header: { collection: elsewhere } }))).toBe('wrong-collection')
})
