import { chainAfter } from '@tonestead/protocol/sync/chain'
import { readItem } from '@tonestead/protocol/sync/codec/item-codec'
import { verifyMembership } from '@tonestead/protocol/sync/log/verify-membership'
import type { LogItem } from '@tonestead/protocol/sync/log-item'
import type { CollectionId } from '@tonestead/protocol/sync/sync-ids'
import type { JournalTable, JournalWrite } from '../../../ports/journal.ts'
import { restoreChecked } from '../checked/restore-checked.ts'
import { createCollectionState, type CollectionState } from '../collection/collection-state.ts'
import { noteBody } from '../collection/note-body.ts'
import { placeKey } from '../journal-keys.ts'
import { asVerified } from '@tonestead/protocol/sync/log/verified-item'
import type { ReplicaContext } from '../replica-context.ts'
import { forgetOldIntents } from './forget-intents.ts'
import { readFacts } from './read-facts.ts'
import { readIntents } from './read-intents.ts'

/** Rows that are read at once. */
const pageRows = 512

/** Reads what the journal holds of a collection. What cannot be read is moved to the quarantine, and the relay gives it again; nothing is deleted. */
export const loadCollection = async (context: ReplicaContext, id: CollectionId): Promise<CollectionState> => {
  const state = createCollectionState(id)
  await loadLog(context, state)
  await loadPending(context, state)
  await readIntents(context, state)
  forgetOldIntents(context, state)
  await readFacts(context, state)
  await restoreChecked(context, state)
  return state
}

/** The log ends before the first row that is damaged, missing or does not follow; the rest is put aside. */
const loadLog = async (context: ReplicaContext, state: CollectionState): Promise<void> => {
  for (;;) {
    const from = placeKey(state.log.length() + 1)
    const { rows } = await context.journal.read({ table: 'items', scope: state.id, from, limit: pageRows })
    for (const { key, value } of rows) {
      const item = key === placeKey(state.log.length() + 1) ? await readItem(value) : undefined
      if (item === undefined || !(await append(context, state, item))) return quarantineItems(context, state)
    }
    if (rows.length < pageRows) break
  }
  await quarantineItems(context, state)
}

/** The signatures of envelopes were verified before they were written; those of membership items are verified again, because the fold takes only verified ones. */
const append = async (context: ReplicaContext, state: CollectionState, item: LogItem): Promise<boolean> => {
  const { log } = state
  const verified = item.kind === 'membership' ? await verifyMembership(context, item, log.now()) : asVerified(item)
  if (verified.kind === 'never' || log.check(verified).kind !== 'ok') return false
  // Not by WebCrypto: each of its hashes waits for another thread, and a log has thousands of items.
  log.append(item, verified, chainAfter(log.chainAt(log.length()), [item.id]))
  if (item.kind === 'envelope') noteBody(state, item)
  return true
}

const quarantineItems = async (context: ReplicaContext, state: CollectionState): Promise<void> => {
  const from = placeKey(state.log.length() + 1)
  const { rows, damaged } = await context.journal.read({ table: 'items', scope: state.id, from })
  if (rows.length + damaged.length === 0) return
  context.log.warn('a part of the log is damaged', { rows: rows.length, damaged: damaged.length })
  for (const { key, value } of rows) context.turn.writes.push(quarantined(state, { table: 'items', key, value }))
  context.turn.writes.push({ kind: 'delete-from', table: 'items', scope: state.id, key: from })
}

/** A row of the quarantine that says where it was. */
const quarantined = (
  { id }: CollectionState,
  { table, key, value }: { table: JournalTable; key: string; value: Uint8Array<ArrayBuffer> },
): JournalWrite => ({ kind: 'put', table: 'quarantine', scope: id, key: `${table}/${key}`, value })

/** Pending envelopes wait until the log has been looked at: what follows is the same as for one that arrives. */
const loadPending = async (context: ReplicaContext, state: CollectionState): Promise<void> => {
  const { rows, damaged } = await context.journal.read({ table: 'pending', scope: state.id })
  if (damaged.length > 0) context.log.warn('pending envelopes are damaged', { damaged: damaged.length })
  for (const { key, value } of rows) {
    const item = await readItem(value)
    if (item?.kind === 'envelope' && item.id === key) {
      const isOwn = item.header.device === context.device.device
      state.waiting.set(item.id, { envelope: item, origin: isOwn ? 'own' : 'peer' })
    } else {
      context.turn.writes.push(quarantined(state, { table: 'pending', key, value }))
      context.turn.writes.push({ kind: 'delete', table: 'pending', scope: state.id, key })
    }
  }
}
