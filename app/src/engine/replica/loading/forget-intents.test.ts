import { parseCollectionId, parseItemId, type ItemId } from '@tonestead/protocol/sync/sync-ids'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { CollectionState } from '../collection/collection-state.ts'
import { ownKey } from '../journal-keys.ts'
import { createTurn } from '../replica-context.ts'
import { forgetOldIntents } from './forget-intents.ts'

const idOf = (number: number): ItemId =>
  parseItemId(number.toString(2).replaceAll('0', 'b').replaceAll('1', 'c').padStart(51, 'a') + 'a')
const scope = parseCollectionId('c'.repeat(51) + 'a')

test('[RP35] the intents of envelopes without a place stay, and those of the newest ones in the log', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.record({ name: fc.nat(1_000), seq: fc.option(fc.nat(1_000), { nil: undefined }) }), {
        selector: ({ name }) => name,
      }),
      fc.nat(20),
      (envelopes, kept) => {
        const places = new Map(envelopes.map(({ name, seq }) => [idOf(name), seq] as const))
        const own: CollectionState['own'] = new Map(
          envelopes.map(({ name }) => [idOf(name), { document: 'd', intents: [] }] as const),
        )
        const turn = createTurn()
        forgetOldIntents({ turn }, { id: scope, own, log: { seqOf: (id: ItemId) => places.get(id) } as never }, kept)
        const all = [...places]
        const gone = all.filter(([id]) => !own.has(id))
        const left = all.filter(([id, seq]) => seq !== undefined && own.has(id))
        expect(left.length).toBe(Math.min(kept, all.filter(([, seq]) => seq !== undefined).length))
        expect(gone.every(([, seq]) => seq !== undefined)).toBe(true)
        expect(Math.max(-1, ...gone.map(([, seq]) => seq!))).toBeLessThanOrEqual(
          Math.min(Infinity, ...left.map(([, seq]) => seq!)),
        )
        expect(turn.writes).toEqual(
          gone
            .toSorted(([, a], [, b]) => b! - a!)
            .map(([id]) => ({ kind: 'delete', table: 'intents', scope, key: ownKey(id) })),
        )
      },
    ),
  )
})
