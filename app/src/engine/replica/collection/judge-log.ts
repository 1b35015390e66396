import { readItem } from '@tonestead/protocol/sync/codec/item-codec'
import type { Envelope } from '@tonestead/protocol/sync/envelope'
import type { ReplicaContext } from '../replica-context.ts'
import { placeKey } from '../journal-keys.ts'
import { acceptBody } from './accepted-bodies.ts'
import type { CollectionState } from './collection-state.ts'
import { refuteSnapshot } from '../snapshots/use-snapshot.ts'
import { judgeBody, type BodyVerdict } from './judge-body.ts'

/**
 * [RP10] Judges the bodies of the log in its order, up to the end or to the first whose key is missing. What was judged while it was pending is not judged
 * again: the answer would be the same.
 */
export const judgeLog = async (context: ReplicaContext, state: CollectionState): Promise<void> => {
  for (let isJudged = true; isJudged && state.judged < state.log.length();) {
    const item = state.log.at(state.judged + 1)?.item
    isJudged = item?.kind !== 'envelope' || (await judgeLogged(context, state, item))
    if (isJudged) state.judged += 1
  }
  const next = state.log.at(state.judged + 1)?.item
  state.isKeyMissing = next?.kind === 'envelope' && !state.epochs.has(next.header.epoch)
  state.isBodyMissing = next !== undefined && !state.isKeyMissing
}

/** Gives false when the key or the body is missing. */
const judgeLogged = async (context: ReplicaContext, state: CollectionState, item: Envelope): Promise<boolean> => {
  if (!state.bodies.has(item.id)) {
    const verdict = await judgeBody(context, state, await withBody(context, state, item))
    if (verdict.kind === 'void' && isFaultOfSnapshot(context, state, { item, reason: verdict.reason })) return false
    if (!takeVerdict(context, state, { item, verdict })) return false
  }
  const body = state.bodies.get(item.id)
  const seen = body === undefined ? undefined : state.documents.get(body.document)?.entriesSeen
  for (const entry of body?.entries ?? []) seen?.add(entry)
  state.snapshots.bodies.delete(item.id)
  return true
}

/** Gives false when nothing can be said yet. */
const takeVerdict = (
  context: ReplicaContext,
  state: CollectionState,
  { item, verdict }: { item: Envelope; verdict: BodyVerdict },
): boolean => {
  switch (verdict.kind) {
    case 'key-missing':
    case 'body-missing':
      return false
    case 'holds':
      acceptBody(state, item, verdict)
      return true
    case 'unread':
      state.unread.add(item.id)
      return true
    case 'void':
      nameAuthor(context, state, { item, reason: verdict.reason })
      return true
  }
}

/** [SN3] A void body is omitted by a snapshot. One that a snapshot gives, and that does not hold, shows that the snapshot is false. */
const isFaultOfSnapshot = (
  context: ReplicaContext,
  state: CollectionState,
  { item, reason }: { item: Envelope; reason: string },
): boolean => {
  const given = reason === 'builds-on-void' ? undefined : state.snapshots.bodies.get(item.id)
  if (given === undefined) return false
  refuteSnapshot(context, state, { id: given.snapshot, reason })
  return true
}

/** [RP10] The members are told whose envelope is void. */
const nameAuthor = (
  { turn, log }: ReplicaContext,
  state: CollectionState,
  { item: { id, header }, reason }: { item: Envelope; reason: string },
): void => {
  state.voids.add(id)
  state.faults.set(id, { account: header.account, device: header.device })
  turn.changed.add(state.id)
  log.warn('an envelope is void', { reason })
}

/** Bodies of the log are in the journal, or still among the writes of this turn. */
const withBody = async (context: ReplicaContext, state: CollectionState, item: Envelope): Promise<Envelope> => {
  const fresh = state.freshBodies.get(item.id)
  if (fresh !== undefined) return { ...item, body: fresh }
  const seq = state.log.seqOf(item.id)
  if (seq === undefined || state.snapshots.bodiless.has(item.id)) return item
  const query = { table: 'items', scope: state.id, from: placeKey(seq), limit: 1 } as const
  const [row] = (await context.journal.read(query)).rows
  const stored = row?.key === placeKey(seq) ? await readItem(row.value) : undefined
  return stored?.kind === 'envelope' && stored.id === item.id ? stored : item
}
