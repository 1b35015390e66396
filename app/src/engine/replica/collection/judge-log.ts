import { readItem } from '@tonestead/protocol/sync/codec/item-codec'
import type { Envelope } from '@tonestead/protocol/sync/envelope'
import type { ReplicaContext } from '../replica-context.ts'
import { placeKey } from '../journal-keys.ts'
import { acceptBody } from './accepted-bodies.ts'
import type { CollectionState } from './collection-state.ts'
import { judgeBody } from './judge-body.ts'

/**
 * [E4] Judges the bodies of the log in its order, up to the end or to the first whose key is missing. What was judged while it was pending is not judged
 * again: the answer would be the same.
 */
export const judgeLog = async (context: ReplicaContext, state: CollectionState): Promise<void> => {
  state.isKeyMissing = false
  while (state.judged < state.log.length() && !state.isKeyMissing) {
    const item = state.log.at(state.judged + 1)?.item
    if (item?.kind === 'envelope') await judgeLogged(context, state, item)
    if (!state.isKeyMissing) state.judged += 1
  }
}

const judgeLogged = async (context: ReplicaContext, state: CollectionState, item: Envelope): Promise<void> => {
  if (!state.bodies.has(item.id)) {
    const envelope = await withBody(context, state, item)
    const verdict = await judgeBody(context, state, envelope)
    if (verdict.kind === 'key-missing') {
      state.isKeyMissing = true
      return
    }
    if (verdict.kind === 'holds') acceptBody(state, item, verdict)
    if (verdict.kind === 'unread') state.unread.add(item.id)
    if (verdict.kind === 'void') {
      state.voids.add(item.id)
      state.faults.set(item.id, { account: item.header.account, device: item.header.device })
      context.turn.changed.add(state.id)
      context.log.warn('an envelope is void', { reason: verdict.reason })
    }
  }
  const body = state.bodies.get(item.id)
  const seen = body === undefined ? undefined : state.documents.get(body.document)?.entriesSeen
  for (const entry of body?.entries ?? []) seen?.add(entry)
}

/** Bodies of the log are in the journal, or still among the writes of this turn. */
const withBody = async (context: ReplicaContext, state: CollectionState, item: Envelope): Promise<Envelope> => {
  const fresh = state.freshBodies.get(item.id)
  if (fresh !== undefined) return { ...item, body: fresh }
  const seq = state.log.seqOf(item.id)
  if (seq === undefined) return item
  const query = { table: 'items', scope: state.id, from: placeKey(seq), limit: 1 } as const
  const [row] = (await context.journal.read(query)).rows
  const stored = row?.key === placeKey(seq) ? await readItem(row.value) : undefined
  return stored?.kind === 'envelope' && stored.id === item.id ? stored : item
}
