import type { DeviceId, IntentId } from '@tonestead/crdt/ids'
import type { Play } from '@tonestead/crdt/listening/packed-play'
import type { Log } from '../../ports/log.ts'
import type { Random } from '../../ports/random.ts'
import type { DocumentRef, DocumentService, DocumentsFault } from '../documents/documents.ts'
import { newIntentId } from '../documents/new-intent-id.ts'

export const rootRef: DocumentRef<'root'> = { address: { kind: 'root' } }

/** The month of an instant in UTC, such as `2026-11`. */
export const monthOf = (unixMs: number): string => new Date(unixMs).toISOString().slice(0, 7)

/** Why there are no documents now. */
const faults: ReadonlySet<string> = new Set<DocumentsFault>(['not-supported', 'storage-failed', 'not-begun'])

type Deps = {
  readonly documents: DocumentService
  readonly deviceId: DeviceId
  readonly random: Random
  readonly log: Log
}

/** [KH1] Adds a play to the document of its month, which the root names first. False: there are no documents now; try later. */
export const addPlay = async (
  { documents, deviceId, random, log }: Deps,
  { id, play }: { readonly id: IntentId; readonly play: Play },
): Promise<boolean> => {
  const root = await documents.open(rootRef, new AbortController().signal)
  if (root.kind === 'unavailable') return false
  const month = monthOf(play.startedAt)
  if (!Object.hasOwn(root.document.history, `${deviceId}/${month}`)) {
    const named = await documents.edit(rootRef, {
      kind: 'addHistoryMonth',
      id: newIntentId(random),
      device: deviceId,
      month,
    })
    if (named.kind === 'refused' || named.kind === 'read-only') return false
  }
  const result = await documents.edit<'history'>(
    { address: { kind: 'history', device: deviceId, month } },
    { kind: 'addPlays', id, plays: [play] },
  )
  if (result.kind === 'refused' && faults.has(result.reason)) return false
  // A document that is full, or a play that the schema refuses: it would be refused each time.
  if (result.kind === 'refused') log.warn('a play was given up', { reason: result.reason })
  return result.kind !== 'read-only'
}
