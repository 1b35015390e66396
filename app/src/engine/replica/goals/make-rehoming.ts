import type { Bytes } from '@tonestead/protocol/bytes'
import { writeItem } from '@tonestead/protocol/sync/codec/item-codec'
import { signMembership } from '@tonestead/protocol/sync/keys/sign-item'
import { wholeBytes } from '../links/serve-peer.ts'
import { placeKey } from '../journal-keys.ts'
import type { ReplicaContext } from '../replica-context.ts'
import type { RehomeOptions } from '../replica.ts'

/** [RP24] The log with an item that names its own place as the one that is kept. What members have beyond it becomes pending with them. */
export const makeRehoming = async (
  context: ReplicaContext,
  { collection, home, rootKey }: RehomeOptions,
): Promise<readonly Bytes[] | undefined> => {
  const { collections, device, journal, subtle } = context
  const state = collections.get(collection)
  const now = state?.log.now()
  if (state === undefined || now?.members.get(device.account)?.role !== 'owner') return undefined
  const seq = state.receipt?.seq ?? state.log.length()
  const at = state.log.stateAt(seq)
  const keeps = { seq, chain: state.log.chainAt(seq) }
  const operation = { kind: 're-homed', generation: now.generation + 1, keeps, home } as const
  const { account, device: author } = device
  const header = { version: 1, collection, account, device: author, base: at?.base, operation } as const
  const item = await signMembership({ subtle, signingKey: rootKey }, header)
  const { rows } = await journal.read({ table: 'items', scope: collection, limit: seq })
  if (rows.at(-1)?.key !== placeKey(seq)) throw new Error('the journal does not hold the log')
  const items: Bytes[] = []
  for (const { value } of rows) items.push(await wholeBytes(context, state, value))
  return [...items, writeItem(item)]
}
