import { expect, test } from 'vitest'
import { keyIdOf } from '../keys/agreement-key.ts'
import { maxBodyBytes, maxSnapshotParts } from '../sync-limits.ts'
import {
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
  snapshot,
  verdictOf,
} from './log-world.testkit.ts'

const createPair = () => {
  const [olga, ada] = [createAccount('olga'), createAccount('ada')]
  const log = createShared(olga)
  const [owner, editor] = [olga.by('olga1'), ada.by('ada1')]
  invite(log, owner, 'link')
  put(log, redemption(log, ada, keyIdOf(agreementKey('link'))))
  return { olga, ada, log, owner, editor }
}

test('[LS1] a snapshot is made by an editor or owner at a place of the log since which he has had the right', () => {
  const { ada, log, owner, editor } = createPair()
  expect(verdictOf(log, snapshot(log, editor))).toBe('ok')
  expect(verdictOf(log, snapshot(log, editor, { place: log.length() - 1 }))).toBe('right-broken')
  expect(verdictOf(log, snapshot(log, createAccount('eve').by('eve1')))).toBe('no-right')
  const ahead = snapshot(log, editor)
  const place = { seq: log.length() + 1, chain: chainHash('ahead') }
  expect(verdictOf(log, { ...ahead, header: { ...ahead.header, place } })).toBe('seen-ahead')
  const off = { seq: log.length(), chain: chainHash('off') }
  expect(verdictOf(log, { ...ahead, header: { ...ahead.header, place: off } })).toBe('seen-off-chain')
  put(log, membership(log, { kind: 'role', account: ada.account, role: 'viewer' }, { by: owner }))
  expect(verdictOf(log, snapshot(log, editor))).toBe('no-right')
})

test('[LS1] a snapshot is sealed under the epoch at its place, which is not stale there', () => {
  const { log, owner, editor } = createPair()
  const early = snapshot(log, owner)
  put(log, membership(log, { kind: 'left' }, { by: editor }))
  expect(verdictOf(log, snapshot(log, owner))).toBe('epoch-stale')
  expect(verdictOf(log, early)).toBe('ok')
  const old = log.now()!.epoch
  put(log, membership(log, { kind: 'epoch', expired: [] }, { by: owner }))
  expect(verdictOf(log, snapshot(log, owner, { epoch: old }))).toBe('epoch-wrong')
  expect(verdictOf(log, snapshot(log, owner))).toBe('ok')
})

test('[LS2] the void envelopes that it omits are in the log, and its parts are within the limits', () => {
  const { log, editor } = createPair()
  const written = put(log, envelope(log, editor))
  expect(verdictOf(log, snapshot(log, editor, { voids: [written.id] }))).toBe('ok')
  expect(verdictOf(log, snapshot(log, editor, { voids: [itemId('unknown')] }))).toBe('target-wrong')
  const part = { bytes: maxBodyBytes, hash: '' }
  expect(verdictOf(log, snapshot(log, editor, { parts: [part] }))).toBe('ok')
  expect(verdictOf(log, snapshot(log, editor, { parts: [] }))).toBe('limit')
  expect(verdictOf(log, snapshot(log, editor, { parts: [{ ...part, bytes: maxBodyBytes + 1 }] }))).toBe('limit')
  const many = Array.from({ length: maxSnapshotParts + 1 }, () => part)
  expect(verdictOf(log, snapshot(log, editor, { parts: many }))).toBe('limit')
})

test('[LA1] [LA2] a snapshot has one place, in the collection that it names', () => {
  const { olga, log, editor } = createPair()
  const item = put(log, snapshot(log, editor))
  expect(verdictOf(log, item)).toBe('duplicate')
  expect(verdictOf(log, snapshot(log, editor, { collection: olga.log.collection }))).toBe('wrong-collection')
})
