import type { CollectionId } from '@tonestead/protocol/sync/sync-ids'
import type { Replica } from '../../replica/replica.ts'
import type { DocumentsFault, SyncStatus } from '../documents.ts'
import { syncStatusOf } from './sync-status.ts'
import type { ForTab } from './watched-documents.ts'

/** The statuses of collections that tabs show. */
export type StatusBoard = {
  readonly watch: (collection: string | undefined, tab: string) => void
  readonly leave: (tab: string) => void
  /** Sends the statuses that have changed. */
  readonly refresh: () => void
  readonly setConnected: (isConnected: boolean) => void
  /** The last write to the journal failed, or succeeded. */
  readonly setStorageFailed: (hasFailed: boolean) => void
}

type Watched = {
  readonly collection: string | undefined
  readonly tabs: Set<string>
  status: SyncStatus
  lastConfirmedAtMs: number | undefined
}

type Dependencies = {
  readonly open: () =>
    { readonly replica: Pick<Replica, 'status' | 'confirmedAt'>; readonly personal: CollectionId } | undefined
  readonly fault: () => DocumentsFault | undefined
  readonly send: (tab: string, message: ForTab) => void
}

export const createStatusBoard = ({ open, fault, send }: Dependencies): StatusBoard => {
  const boards = new Map<string, Watched>()
  let isConnected = false
  let hasStorageFailed = false

  const statusOf = (watched: Watched): SyncStatus => {
    const reason = fault()
    if (reason === 'storage-failed') return { kind: 'needs-you', reason }
    if (reason !== undefined) return { kind: 'unavailable', reason }
    const opened = open()
    const id = (watched.collection ?? opened?.personal) as CollectionId
    const collection = opened?.replica.status(id)
    if (opened === undefined || collection === undefined) return { kind: 'starting' }
    const confirmedAtMs = isConnected ? opened.replica.confirmedAt(id) : undefined
    watched.lastConfirmedAtMs = confirmedAtMs ?? watched.lastConfirmedAtMs
    const { lastConfirmedAtMs } = watched
    return syncStatusOf({ collection, confirmedAtMs, lastConfirmedAtMs, isConnected, hasStorageFailed })
  }
  const refresh = (): void => {
    for (const watched of boards.values()) {
      const status = statusOf(watched)
      if (JSON.stringify(status) === JSON.stringify(watched.status)) continue
      watched.status = status
      for (const tab of watched.tabs) send(tab, { kind: 'status', collection: watched.collection, status })
    }
  }
  return {
    watch: (collection, tab) => {
      const key = collection ?? ''
      const known = boards.get(key) ?? {
        collection,
        tabs: new Set(),
        status: { kind: 'starting' },
        lastConfirmedAtMs: undefined,
      }
      boards.set(key, known)
      known.tabs.add(tab)
      refresh()
      send(tab, { kind: 'status', collection, status: known.status })
    },
    leave: (tab) => boards.forEach(({ tabs }) => tabs.delete(tab)),
    refresh,
    setConnected: (next) => {
      isConnected = next
      refresh()
    },
    setStorageFailed: (hasFailed) => {
      hasStorageFailed = hasFailed
      refresh()
    },
  }
}
