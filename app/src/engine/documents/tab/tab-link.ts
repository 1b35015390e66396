import type { OpenTabChannel } from '../../../ports/documents/tab-channel.ts'
import type { DocumentsFault } from '../documents.ts'
import {
  allChannel,
  hostChannel,
  messageVersion,
  parseToAll,
  parseToTab,
  tabChannel,
  type ToHost,
  type ToTab,
} from '../messages/document-messages.ts'

type WithoutTab<Message> = Message extends ToHost ? Omit<Message, 'v' | 'tab'> : never

/** The connection of one tab to whatever leads. */
export type TabLink = {
  readonly send: (message: WithoutTab<ToHost>) => void
  readonly close: () => void
}

type TabEvents = {
  readonly onMessage: (message: ToTab) => void
  /** [DO5] A leader is there, perhaps another one: what was not answered must be sent again. */
  readonly onLeader: () => void
  /** No worker can run in the leading tab. */
  readonly onFailed: (reason: DocumentsFault) => void
}

/** `tab`: unique among all tabs. Messages of a leader that was superseded are left out. */
export const openTabLink = (openChannel: OpenTabChannel, tab: string, events: TabEvents): TabLink => {
  const [toHost, own, toAll] = [openChannel(hostChannel), openChannel(tabChannel(tab)), openChannel(allChannel)]
  let fence = 0
  const send: TabLink['send'] = (message) => toHost.post({ v: messageVersion, tab, ...message })
  const meet = (next: number): boolean => {
    if (next < fence) return false
    if (next > fence) {
      fence = next
      events.onLeader()
    }
    return true
  }
  own.onMessage((data) => {
    const message = parseToTab(data)
    if (message !== undefined && meet(message.fence)) events.onMessage(message)
  })
  toAll.onMessage((data) => {
    const message = parseToAll(data)
    if (message?.kind === 'leading') meet(message.fence)
    if (message?.kind === 'failed') events.onFailed(message.reason)
  })
  return {
    send,
    close: () => {
      send({ kind: 'leave' })
      for (const channel of [toHost, own, toAll]) channel.close()
    },
  }
}
