import type { Bytes } from '@tonestead/protocol/bytes'
import { readLiveContent, type LiveContent } from '@tonestead/protocol/sync/codec/live-content'
import {
  openEphemeral,
  readEphemeral,
  verifyEphemeral,
  type EphemeralMessage,
} from '@tonestead/protocol/sync/keys/ephemeral'
import { signingKeyOf } from '@tonestead/protocol/sync/log/rights'
import type { CollectionState } from '../collection/collection-state.ts'
import { dropLink, type LinkState } from '../links/link-state.ts'
import type { ReplicaContext } from '../replica-context.ts'
import type { LiveMessage } from '../replica.ts'
import type { LiveState } from './live-state.ts'
import { currentEpoch } from './send-live.ts'

/** [RP32] This many numbers below the highest one may still come: two ways to a device do not keep one order. */
const windowSize = 256

/** [RP32] [RP34] A live message that came on a link. One that does not hold is left out: it proves nothing about who delivered it. */
export const takeLive = async (context: ReplicaContext, link: LinkState, bytes: Bytes): Promise<void> => {
  const { live, log, turn } = context
  if (!live.mayVerify(link)) return
  const message = readEphemeral(bytes)
  if (message === undefined) return void dropLink(link)
  const state = context.collections.get(message.collection)
  if (state === undefined || state.alarm !== undefined || message.device === context.device.device) return
  const content = await openChecked(context, state, message)
  if (content === undefined || !isNew(live, message, content)) return
  const { collection, account, device } = message
  const found: LiveMessage = { collection, account, device, message: new Uint8Array(content.message) }
  turn.sends.push(() => {
    for (const listener of live.listeners) tell(listener, found, log)
  })
}

/** By a device that stands now, with the key of the epoch that holds now. */
const openChecked = async (
  context: ReplicaContext,
  state: CollectionState,
  message: EphemeralMessage,
): Promise<LiveContent | undefined> => {
  const key = signingKeyOf(state.log.now(), message.account, message.device)
  const epoch = currentEpoch(state)
  if (key === undefined || epoch === undefined || epoch.keys.epoch !== message.epoch) return undefined
  if (!(await verifyEphemeral(context, message, key)) || !context.live.mayCome(keyOf(message))) return undefined
  const plaintext = await openEphemeral(context, epoch.keys, message)
  return plaintext === undefined ? undefined : readLiveContent(plaintext)
}

const keyOf = ({ collection, device }: EphemeralMessage): string => `${collection}\n${device}`

/** [RP32] Notes the number. False: it was read before, or is too old to say. */
const isNew = ({ read }: LiveState, message: EphemeralMessage, { run, number }: LiveContent): boolean => {
  const known = read.get(keyOf(message))
  if (known === undefined || known.run < run) {
    read.set(keyOf(message), { run, highest: number, recent: new Set([number]) })
    return true
  }
  if (run < known.run || number <= known.highest - windowSize || known.recent.has(number)) return false
  known.recent.add(number)
  known.highest = Math.max(known.highest, number)
  for (const each of known.recent) if (each <= known.highest - windowSize) known.recent.delete(each)
  return true
}

const tell = (listener: (live: LiveMessage) => void, found: LiveMessage, log: ReplicaContext['log']): void => {
  try {
    listener(found)
  } catch (cause) {
    log.failed('a live message was not handled')(cause)
  }
}
