import { expect, test } from 'vitest'
import { keyIdOf } from '../keys/agreement-key.ts'
import {
  advance,
  agreementKey,
  createAccount,
  createShared,
  envelope,
  invite,
  knowing,
  membership,
  otherHome,
  put,
  redemption,
  snapshot,
  verdictOf,
} from './log-world.testkit.ts'

const linkId = keyIdOf(agreementKey('link'))

const createPair = () => {
  const [olga, ada] = [createAccount('olga'), createAccount('ada')]
  const log = createShared(olga)
  const [owner, editor] = [olga.by('olga1'), ada.by('ada1')]
  invite(log, owner, 'first link')
  put(log, redemption(log, ada, keyIdOf(agreementKey('first link'))))
  return { olga, ada, log, owner, editor, knowledge: () => knowing([olga, ada]) }
}

test('[LR1] a relay refuses a device everywhere as soon as its account has removed it; a log alone allows it', () => {
  const { ada, log, editor, knowledge } = createPair()
  const items = [envelope(log, editor), snapshot(log, editor), membership(log, { kind: 'left' }, { by: editor })]
  for (const item of items) expect(verdictOf(log, item, knowledge())).toBe('ok')
  ada.add('ada2', 'ada1')
  ada.remove('ada1', 'ada2')
  for (const item of items) {
    expect(verdictOf(log, item, knowledge())).toBe('no-right')
    expect(verdictOf(log, item)).toBe('ok')
    expect(verdictOf(log, item, knowing([]))).toBe('ok')
  }
})

test('[LR1] the root key of an account re-homes a collection from any device', () => {
  const { olga, log, owner, knowledge } = createPair()
  const keeps = { seq: log.length(), chain: log.chainAt(log.length()) }
  const item = membership(log, { kind: 're-homed', generation: 1, keeps, home: otherHome }, { by: owner })
  olga.add('olga2', 'olga1')
  olga.remove('olga1', 'olga2')
  expect(verdictOf(log, item, knowledge())).toBe('ok')
})

test('[LR2] an expired invitation is not redeemed, and none is closed as expired before its time', () => {
  const { olga, ada, log, owner } = createPair()
  const eve = createAccount('eve')
  invite(log, owner, 'link')
  const { expiresAt } = log.now()!.invitations.get(linkId)!
  const at = (now: number) => knowing([olga, ada, eve], now)
  const redeemed = redemption(log, eve, linkId)
  expect(verdictOf(log, redeemed, at(expiresAt - 1))).toBe('ok')
  expect(verdictOf(log, redeemed, at(expiresAt))).toBe('invitation-closed')
  expect(verdictOf(log, redeemed)).toBe('ok')
  const closing = membership(log, { kind: 'epoch', expired: [linkId] }, { by: owner })
  expect(verdictOf(log, closing, at(expiresAt - 1))).toBe('target-wrong')
  expect(verdictOf(log, closing, at(expiresAt))).toBe('ok')
  expect(verdictOf(log, closing)).toBe('ok')
})

test('[LR3] an account proof ends at an item of the account log that the relay keeps', () => {
  const { ada, log, owner, editor, knowledge } = createPair()
  const fork = createAccount('ada')
  fork.add('ada2', 'ada1')
  const forked = advance(log, fork, editor)
  expect(verdictOf(log, forked, knowledge())).toBe('account-wrong')
  expect(verdictOf(log, forked)).toBe('ok')
  ada.add('ada3', 'ada1')
  expect(verdictOf(log, advance(log, ada, owner), knowledge())).toBe('ok')
})

test('[LR4] no epoch begins while a member has a newer agreement key: the account advances first', () => {
  const { ada, log, owner, editor, knowledge } = createPair()
  const epoch = () => membership(log, { kind: 'epoch', expired: [] }, { by: owner })
  ada.add('ada2', 'ada1')
  expect(verdictOf(log, epoch(), knowledge())).toBe('ok')
  ada.remove('ada2', 'ada1')
  expect(verdictOf(log, epoch(), knowledge())).toBe('account-behind')
  expect(verdictOf(log, epoch())).toBe('ok')
  put(log, advance(log, ada, editor))
  expect(verdictOf(log, epoch(), knowledge())).toBe('ok')
})

test('[LR4] whoever removes the member that is behind may go on', () => {
  const { ada, log, owner, knowledge } = createPair()
  ada.add('ada2', 'ada1')
  ada.remove('ada2', 'ada1')
  const item = membership(log, { kind: 'removed', account: ada.account }, { by: owner })
  expect(verdictOf(log, item, knowledge())).toBe('ok')
})
