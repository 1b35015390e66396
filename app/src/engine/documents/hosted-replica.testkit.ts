import type { DocumentKind } from '@tonestead/crdt/documents/document-kind'
import type { Documents, Intents } from '@tonestead/crdt/documents/documents'
import type { CollectionId } from '@tonestead/protocol/sync/sync-ids'
import { createManualClock } from '../../platform/system/manual-clock.ts'
import { createMemoryTabChannels } from '../../platform/system/memory-tab-channel.ts'
import { silentLog } from '../../platform/system/silent-log.ts'
import type { CollectionStatus } from '../replica/replica.ts'
import { ReplicaEndedError } from '../replica/replica-turn.ts'
import { createDocumentHost, type HostedReplica } from './host/create-document-host.ts'
import { applyToPlain, beginningOf } from './plain-document.ts'
import { createTabDocuments } from './tab/create-tab-documents.ts'

// Tabs, their channels and hosts in one process, over a replica of plain documents.

const personal = 'p'.repeat(52) as CollectionId

/** What a journal holds: the documents, and how often each intent was applied. */
type PlainJournal = {
  fence: number
  readonly documents: Map<string, Documents[DocumentKind]>
  readonly applied: Map<string, number>
}

const nothingYet: CollectionStatus = {
  ...{ kind: 'open', alarm: undefined, length: 1, pending: 0, waiting: 0, othersWaiting: 0, role: 'owner' },
  ...{ isKeyMissing: false, isBodyMissing: false, needsUpdate: false, isStale: false, faults: [] },
}

/** A task of a browser: everything that is ready runs before the next. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
export const turns = async (count = 12): Promise<void> => {
  for (let left = count; left > 0; left -= 1) await turn()
}

export const createTabWorld = () => {
  const lost: { isLosing: (name: string) => boolean } = { isLosing: () => false }
  const openChannel = createMemoryTabChannels((name) => lost.isLosing(name))
  const clock = createManualClock()
  const journal: PlainJournal = { fence: 0, documents: new Map(), applied: new Map() }
  const state = { status: nothingYet, confirmedAt: 7 as number | undefined, isWritable: true, isFull: false, delay: 1 }
  let tabs = 0

  const replicaOf = (fence: number): HostedReplica => {
    const listeners = new Set<(collection: CollectionId) => void>()
    const keep = (name: string, intent: Intents[DocumentKind]) => {
      if (journal.applied.has(intent.id)) return { kind: 'kept' } as const
      const kind = name.split('/')[0] as DocumentKind
      const { document, outcome } = applyToPlain(kind, journal.documents.get(name) ?? beginningOf(kind), intent)
      if (outcome.kind !== 'applied') return outcome
      journal.documents.set(name, document)
      journal.applied.set(intent.id, (journal.applied.get(intent.id) ?? 0) + 1)
      for (const listener of listeners) listener(personal)
      return { kind: 'kept' } as const
    }
    return {
      show: (_collection, name) => journal.documents.get(name),
      isWritable: () => state.isWritable,
      status: () => state.status,
      confirmedAt: () => state.confirmedAt,
      onChange: (listener) => {
        listeners.add(listener)
        return () => void listeners.delete(listener)
      },
      edit: async ({ document, intent }) => {
        await turns(state.delay)
        if (journal.fence !== fence) throw new ReplicaEndedError('superseded')
        if (state.isFull) throw new Error('the disk is full')
        const result = keep(document, intent.operation as Intents[DocumentKind])
        await turns(state.delay)
        return result
      },
    }
  }
  /** A worker leads from now on. `die`: its tab is closed. `open`: its replica is loaded. */
  const lead = (isOpen = true) => {
    journal.fence += 1
    const { fence } = journal
    let hasEnded = false
    const host = createDocumentHost({ openChannel, log: silentLog, onEnded: () => (hasEnded = true) })
    host.lead(fence)
    const open = (): void => {
      host.open(replicaOf(fence), personal)
      host.setConnected(true)
    }
    if (isOpen) open()
    return { host, open, die: () => host.close(), hasEnded: () => hasEnded }
  }
  const openTab = () => {
    tabs += 1
    const kept = { count: 0 }
    const documents = createTabDocuments({
      openChannel,
      clock,
      tab: `tab${tabs}`,
      personal,
      onKept: () => void (kept.count += 1),
    })
    return { documents, kept }
  }
  return { clock, journal, state, lost, lead, openTab, openChannel }
}
