import { personalCollectionId } from '@tonestead/protocol/sync/derived-ids'
import { keptValue } from './engine/account/pairing/kept-value.ts'
import { createTabDocuments } from './engine/documents/tab/create-tab-documents.ts'
import { keepLeader } from './engine/documents/tab/keep-leader.ts'
import { leadWithWorker } from './engine/documents/tab/serve-worker.ts'
import { allChannel, messageVersion } from './engine/documents/messages/document-messages.ts'
import type { DocumentService } from './engine/documents/documents.ts'
import type { ServerConnection } from './engine/server/server-connection.ts'
import type { SignedClient } from './engine/server/signed-client.ts'
import { accountChannel } from './platform/system/account-channel.ts'
import { openBroadcastChannel } from './platform/system/broadcast-tab-channel.ts'
import { systemClock as clock } from './platform/system/system-clock.ts'
import { systemRandom as random } from './platform/system/system-random.ts'
import { webLeaderLock } from './platform/system/web-leader-lock.ts'
import { createDocumentsWorkerLink } from './platform/workers/documents-worker.client.ts'
import type { DeviceIdentity } from './ports/device-store.ts'
import type { Log, LogEntry } from './ports/log.ts'
import type { ValueStore } from './ports/value-store.ts'

// Composition root of the documents in a tab. It is loaded when a document is wanted (wire-documents.ts).

export type PageParts = {
  readonly server: ServerConnection
  readonly client: SignedClient
  readonly identity: Pick<DeviceIdentity, 'accountId'>
  readonly values: Pick<ValueStore, 'get' | 'put'>
  readonly log: Log
  readonly receiveLog: (entry: LogEntry) => void
  /** An edit of this tab was kept. */
  readonly onKept: () => void
}

export const documentsInPage = (parts: PageParts, startWorker: () => Worker): DocumentService => {
  const { log } = parts
  const tab = crypto.randomUUID()
  const all = openBroadcastChannel(allChannel)
  const personal = personalCollectionId(parts.identity.accountId)
  const documents = createTabDocuments({
    openChannel: openBroadcastChannel,
    clock,
    tab,
    personal,
    onKept: parts.onKept,
  })
  const leaving = new AbortController()
  keepLeader(
    {
      ...{ clock, random, log, openChannel: openBroadcastChannel, lock: webLeaderLock },
      isVisible: () => document.visibilityState === 'visible',
      isWaiting: documents.isWaiting,
      lead: () =>
        leadWithWorker({
          ...{ ...parts, clock },
          startWorker: () => createDocumentsWorkerLink(startWorker),
          onBroken: () => {
            all.post({ v: messageVersion, kind: 'failed', reason: 'not-supported' })
            documents.fail('not-supported')
          },
        }),
    },
    leaving.signal,
  )
  // A page that the browser keeps for the way back has slept, and so has its worker.
  addEventListener('pageshow', ({ persisted }) => persisted && documents.refresh())
  document.addEventListener('resume', documents.refresh)
  addEventListener('pagehide', ({ persisted }) => !persisted && documents.close())
  openBroadcastChannel(accountChannel).onMessage(() => location.reload())
  void takeKept(parts, documents).catch(log.failed('what this profile had kept is not in the account yet'))
  return documents
}

/** After the profile was added to another account, once. */
const takeKept = async ({ values, log }: PageParts, documents: DocumentService): Promise<void> => {
  if ((await values.get(keptValue)) === undefined) return
  const { applyKept } = await import('./engine/account/pairing/carry-over.ts')
  await applyKept({ values, documents, log })
}
