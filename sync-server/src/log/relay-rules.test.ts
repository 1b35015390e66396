import { nextChain } from '@tonestead/protocol/sync/chain'
import { expect, it } from 'vitest'
import { newCollection, newDevice } from '../ports/log-store.testkit.ts'
import { parseItemId } from '@tonestead/protocol/sync/sync-ids'
import { relayRules } from './relay-rules.ts'

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
