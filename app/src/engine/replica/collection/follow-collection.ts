import { utf8 } from '@tonestead/protocol/bytes'
import { writeItem } from '@tonestead/protocol/sync/codec/item-codec'
import type { MembershipItem } from '@tonestead/protocol/sync/membership'
import type { CollectionId } from '@tonestead/protocol/sync/sync-ids'
import { firstItemKey, followKey } from '../journal-keys.ts'
import type { ReplicaContext } from '../replica-context.ts'
import { createCollectionState, type CollectionState } from './collection-state.ts'

/** Keeps a copy of a collection from now on. */
export const followCollection = ({ collections, turn }: ReplicaContext, id: CollectionId): CollectionState => {
  const known = collections.get(id)
  if (known !== undefined) return known
  const state = createCollectionState(id)
  collections.set(id, state)
  turn.writes.push({ kind: 'put', table: 'facts', scope: id, key: followKey, value: utf8('true') })
  turn.isStrict = true
  turn.changed.add(id)
  return state
}

/** Begins a collection with its first item, which is offered to the home relay until it is in the log. */
export const beginCollection = (context: ReplicaContext, item: MembershipItem): CollectionState => {
  const state = followCollection(context, item.header.collection)
  state.firstItem = item
  const value = writeItem(item)
  context.turn.writes.push({ kind: 'put', table: 'facts', scope: state.id, key: firstItemKey, value })
  return state
}
