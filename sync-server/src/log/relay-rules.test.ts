import { nextChain } from '@tonestead/protocol/sync/chain'
import { expect, it } from 'vitest'
import { newAccount, newCollection, newDevice } from '../ports/log-store.testkit.ts'
import { parseItemId } from '@tonestead/protocol/sync/sync-ids'
import type { VerifiedItem } from '@tonestead/protocol/sync/log/verified-item'
import { relayRules } from './relay-rules.ts'

it('asks a store for every item that the checks look for', () => {
  const [id, other] = [parseItemId(newDevice()), parseItemId(newDevice())]
  const header = { account: newAccount(), device: newDevice() }
  const needed = (item: object) => relayRules.neededFor(item as VerifiedItem, undefined).ids
  expect(needed({ kind: 'envelope', header: { ...header, deps: [id], prev: other, seen: { seq: 1 } } })).toEqual([
    id,
    other,
  ])
  expect(needed({ kind: 'snapshot', header: { ...header, voids: [id, other], place: { seq: 1 } } })).toEqual([
    id,
    other,
  ])
  expect(needed({ kind: 'confirmation', header: { ...header, snapshot: id } })).toEqual([id])
})

it('has the chain of the protocol', async () => {
  const { subtle } = globalThis.crypto
  let chain = relayRules.firstChain(newCollection())
  for (let step = 0; step < 5; step += 1) {
    const id = parseItemId(newDevice())
    const expected = await nextChain({ subtle }, chain, id)
    expect(relayRules.nextChain(chain, id)).toBe(expected)
    chain = expected
  }
})
