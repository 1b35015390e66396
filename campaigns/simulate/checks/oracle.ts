import { nextChain } from '@tonestead/protocol/sync/chain'
import { readItem } from '@tonestead/protocol/sync/codec/item-codec'
import { createVerifier } from '@tonestead/protocol/sync/keys/verifier'
import { verifyItem } from '@tonestead/protocol/sync/log/check-item'
import { createMemoryLog, type MemoryLog } from '@tonestead/protocol/sync/log/memory-log'
import type { LogItem } from '@tonestead/protocol/sync/log-item'
import type { Bytes } from '@tonestead/protocol/bytes'
import type { CollectionId } from '@tonestead/protocol/sync/sync-ids'

/** A log as the rules of the protocol see it. `fault`: the first item that may not stand where it stands. */
export type Audit = { readonly log: MemoryLog; readonly items: readonly LogItem[]; readonly fault: string | undefined }

/** Replays a log with the checks that relay and replica share. In runs with planted bugs this module has rules of its own, without them. */
export const auditLog = async (
  subtle: SubtleCrypto,
  collection: CollectionId,
  stored: readonly Bytes[],
): Promise<Audit> => {
  const log = createMemoryLog({ collection })
  const verifier = createVerifier({ subtle })
  const items: LogItem[] = []
  for (const bytes of stored) {
    const item = await readItem(bytes)
    if (item === undefined) return { log, items, fault: 'an item cannot be read' }
    const facts = { now: log.now(), length: log.length() }
    const verified = await verifyItem({ subtle, verifier }, item, facts)
    if ('reason' in verified) return { log, items, fault: `place ${log.length() + 1}: ${verified.reason}` }
    const verdict = log.check(verified)
    if (verdict.kind !== 'ok') return { log, items, fault: `place ${log.length() + 1}: ${verdict.reason}` }
    log.append(verified, await nextChain({ subtle }, log.chainAt(log.length()), item.id))
    items.push(item)
  }
  return { log, items, fault: undefined }
}
