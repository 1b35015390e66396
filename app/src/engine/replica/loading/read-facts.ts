import { parseAccountId, parseDeviceId } from '@tonestead/crdt/ids'
import { fromBase64Url, type Bytes } from '@tonestead/protocol/bytes'
import { readItem } from '@tonestead/protocol/sync/codec/item-codec'
import { parseChainHash, parseItemId } from '@tonestead/protocol/sync/sync-ids'
import * as z from 'zod/mini'
import type { CollectionState } from '../collection/collection-state.ts'
import {
  alarmKey,
  falseSnapshotPrefix,
  firstItemKey,
  keptKeyPrefix,
  lostKeyPrefix,
  receiptKey,
} from '../journal-keys.ts'
import { readKeptSnapshot } from '../snapshots/kept-snapshots.ts'
import type { Alarm } from '../replica.ts'
import type { ReplicaContext } from '../replica-context.ts'

const receiptSchema = z.object({
  generation: z.number(),
  seq: z.number(),
  chain: z.pipe(z.string(), z.transform(parseChainHash)),
  nonce: z.optional(z.string()),
  signature: z.pipe(z.string(), z.transform(fromBase64Url)),
})
const alarmSchema = z.object({
  kind: z.enum(['two-chains', 'rule-broken', 'log-shortened', 're-homed-elsewhere']),
  seq: z.number(),
  reason: z.optional(z.string()),
  proof: z.array(z.pipe(z.string(), z.transform(fromBase64Url))),
})
const authorSchema = z.object({
  account: z.pipe(z.string(), z.transform(parseAccountId)),
  device: z.pipe(z.string(), z.transform(parseDeviceId)),
})

/** The newest receipt, the alarm of a frozen collection, and who made entries that are gone. */
export const readFacts = async ({ journal, log }: ReplicaContext, state: CollectionState): Promise<void> => {
  const { rows, damaged } = await journal.read({ table: 'facts', scope: state.id })
  if (damaged.length > 0) log.warn('facts are damaged', { damaged: damaged.length })
  for (const { key, value } of rows) {
    if (key === firstItemKey) {
      await readFirstItem(state, value)
      continue
    }
    if (key.startsWith(keptKeyPrefix)) {
      await readKeptSnapshot(state, value)
      continue
    }
    const json: unknown = JSON.parse(new TextDecoder().decode(value))
    if (key === receiptKey) readReceipt(state, json)
    else if (key === alarmKey) state.alarm = alarmSchema.parse(json) as Alarm
    else if (key.startsWith(falseSnapshotPrefix)) readFalseSnapshot(state, key, json)
    else if (key.startsWith(lostKeyPrefix))
      state.lostEntries.set(key.slice(lostKeyPrefix.length), authorSchema.parse(json))
  }
}

const readFalseSnapshot = ({ snapshots, faults }: CollectionState, key: string, json: unknown): void => {
  const id = parseItemId(key.slice(falseSnapshotPrefix.length))
  snapshots.refuted.add(id)
  faults.set(id, authorSchema.parse(json))
}

const readFirstItem = async (state: CollectionState, value: Bytes): Promise<void> => {
  const item = await readItem(value)
  if (item?.kind === 'membership' && state.log.length() === 0) state.firstItem = item
}

/** A receipt for more than the log here holds comes back with the items. */
const readReceipt = (state: CollectionState, json: unknown): void => {
  const receipt = { collection: state.id, ...receiptSchema.parse(json), nonce: undefined }
  if (receipt.seq <= state.log.length()) state.receipt = receipt
}
