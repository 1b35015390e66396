import type { CollectionId } from '@tonestead/protocol/sync/sync-ids'
import type { OpenTabChannel, TabChannel } from '../../../ports/documents/tab-channel.ts'
import type { Log } from '../../../ports/log.ts'
import type { Replica } from '../../replica/replica.ts'
import type { DocumentsFault, EditResult } from '../documents.ts'
import {
  allChannel,
  hostChannel,
  messageVersion,
  parseToAll,
  parseToHost,
  tabChannel,
  type ToHost,
} from '../messages/document-messages.ts'
import { createHostParts, type HostPart, type HostParts } from './host-parts.ts'
import { keepEdit, kindOf, storageFailed } from './keep-edit.ts'
import { createStatusBoard, type StatusBoard } from './status-board.ts'
import { createWatchedDocuments, type ForTab, type WatchedDocuments } from './watched-documents.ts'

/** What the host serves tabs from. */
export type HostedReplica = Pick<Replica, 'show' | 'isWritable' | 'edit' | 'status' | 'confirmedAt' | 'onChange'>

/** The leader of all tabs: it answers their messages from the replica. */
export type DocumentHost = {
  /** [DO5] The journal was taken over; `fence` is the number of this leader. Tabs are told, and send again what was not answered. */
  readonly lead: (fence: number) => void
  /** The replica is loaded and has the collection of the account. */
  readonly open: (replica: HostedReplica, personal: CollectionId) => void
  /** Nothing can be shown or kept now. `open` ends it. */
  readonly fail: (reason: DocumentsFault) => void
  /** [DO13] Answers questions under this name, and gives its values to tabs. */
  readonly serve: (name: string, part: HostPart) => void
  /** The connection to the relay was opened or closed. */
  readonly setConnected: (isConnected: boolean) => void
  readonly close: () => void
}

type Dependencies = {
  readonly openChannel: OpenTabChannel
  readonly log: Log
  /** Another worker leads now: nothing is answered any more. */
  readonly onEnded: () => void
}

type Edit = Extract<ToHost, { kind: 'edit' }>
type Opened = { readonly replica: HostedReplica; readonly personal: CollectionId }
type State = {
  fence: number
  opened: Opened | undefined
  fault: DocumentsFault | undefined
  hasEnded: boolean
  /** Edits that came before the replica was loaded. */
  early: Edit[]
}
type Parts = Dependencies & {
  readonly state: State
  readonly documents: WatchedDocuments
  readonly statuses: StatusBoard
  readonly others: HostParts
  readonly send: (tab: string, message: ForTab) => void
}

export const createDocumentHost = (deps: Dependencies): DocumentHost => {
  const state: State = { fence: 0, opened: undefined, fault: undefined, hasEnded: false, early: [] }
  const channels = new Map<string, TabChannel>()
  const [toHost, toAll] = [deps.openChannel(hostChannel), deps.openChannel(allChannel)]
  const send = (tab: string, message: ForTab): void => {
    const channel = channels.get(tab) ?? deps.openChannel(tabChannel(tab))
    channels.set(tab, channel)
    channel.post({ v: messageVersion, fence: state.fence, ...message })
  }
  const open = (): Opened | undefined => state.opened
  const fault = (): DocumentsFault | undefined => state.fault
  const documents = createWatchedDocuments({ open, fault, send })
  const statuses = createStatusBoard({ open, fault, send })
  const others = createHostParts({ fault, send, log: deps.log, hasEnded: () => state.hasEnded })
  const parts: Parts = { ...deps, state, documents, statuses, others, send }
  const leave = (tab: string): void => {
    documents.leave(tab)
    parts.statuses.leave(tab)
    others.leave(tab)
    channels.get(tab)?.close()
    channels.delete(tab)
  }
  const close = (): void => {
    state.hasEnded = true
    for (const channel of [toHost, toAll, ...channels.values()]) channel.close()
  }
  toHost.onMessage((data) => {
    const message = parseToHost(data)
    if (message === undefined || state.fence === 0) return
    if (message.kind === 'leave') leave(message.tab)
    else handle(parts, message)
  })
  toAll.onMessage((data) => {
    const message = parseToAll(data)
    if (message?.kind === 'leading' && message.fence > state.fence) endHost(parts)
  })
  return {
    lead: (fence) => {
      state.fence = fence
      toAll.post({ v: messageVersion, kind: 'leading', fence })
    },
    open: (replica, personal) => openHost(parts, { replica, personal }),
    fail: (reason) => {
      state.fault = reason
      documents.tellUnavailable()
      parts.statuses.refresh()
      answerEarly(parts)
      others.fail()
    },
    serve: others.serve,
    setConnected: (isConnected) => parts.statuses.setConnected(isConnected),
    close,
  }
}

const openHost = (parts: Parts, opened: Opened): void => {
  const { state, documents, statuses } = parts
  state.opened = opened
  state.fault = undefined
  opened.replica.onChange((collection) => {
    documents.refresh(collection)
    statuses.refresh()
  })
  documents.refresh()
  statuses.refresh()
  answerEarly(parts)
}

const answerEarly = (parts: Parts): void => {
  for (const edit of parts.state.early.splice(0)) handle(parts, edit)
}

const endHost = ({ state, onEnded }: Parts): void => {
  if (state.hasEnded) return
  state.hasEnded = true
  onEnded()
}

const handle = (parts: Parts, message: Exclude<ToHost, { kind: 'leave' }>): void => {
  const { state, documents, statuses, log } = parts
  if (state.hasEnded) return
  switch (message.kind) {
    case 'watch':
      if (kindOf(message.name) !== undefined)
        documents.watch({ collection: message.collection, name: message.name }, message.tab)
      return
    case 'unwatch':
      return void documents.unwatch(message, message.tab)
    case 'watch-status':
      return void statuses.watch(message.collection, message.tab)
    case 'ask':
      return void parts.others.ask(message)
    case 'watch-value':
      return void parts.others.watch(message, message.tab)
    case 'edit':
      if (state.opened === undefined && state.fault === undefined) state.early.push(message)
      else void answerEdit(parts, message).catch(log.failed('an edit was not answered'))
  }
}

/** [DO6] An edit is answered when it is durable. A leader that was superseded answers nothing: the next one does. */
const answerEdit = async (parts: Parts, message: Edit): Promise<void> => {
  const { state, documents, statuses, log, send } = parts
  const { opened, fault } = state
  const { tab, number } = message
  const kept =
    opened === undefined ? undefined : await keepEdit({ ...opened, log, shownOf: documents.shownOf }, message)
  if (kept?.kind === 'superseded') endHost(parts)
  if (kept?.kind === 'superseded' || state.hasEnded) return
  const result: EditResult = kept ?? { kind: 'refused', reason: fault ?? 'starting' }
  if (result.kind === 'kept') statuses.setStorageFailed(false)
  if (result.kind === 'refused' && result.reason === storageFailed) statuses.setStorageFailed(true)
  send(tab, { kind: 'answer', number, version: documents.versionOf(message), result })
}
