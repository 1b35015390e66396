import type { DeviceId } from '@tonestead/crdt/ids'
import { currentAnchor, currentToken, type PlaybackDocument } from '@tonestead/crdt/listening/playback-document'
import { toBase32, type Bytes } from '@tonestead/protocol/bytes'
import type { HostPart } from '../../documents/host/host-parts.ts'
import { readDeviceMessage, type DeviceMessageBody } from '../messages/live-messages.ts'
import { questionSchema, type DevicesQuestion, devicesViewKey } from '../messages/tab-messages.ts'
import { createCommandBook } from '../token/command-book.ts'
import { startModel, type TokenMessage } from '../token/token-model.ts'
import { boardOf } from './devices-board.ts'
import { answerCommand, sendCommand } from './device-commands.ts'
import type { DevicesContext, DevicesPartDeps } from './devices-context.ts'
import { dispatch, say } from './run-token.ts'
import { dropSilentTabs, forgetTab, reportTab, takeFor } from './player-tabs.ts'

export type DevicesPart = HostPart & {
  /** The connection to the relay was opened or closed. */
  readonly setOnline: (isOnline: boolean) => void
  readonly close: () => void
}

const beatMs = 1_000

/** [DV1] Speaks for the tabs of this device with the other devices of the account. */
export const createDevicesPart = (deps: DevicesPartDeps): DevicesPart => {
  const { replica, personal, clock, random } = deps
  const context: DevicesContext = {
    ...deps,
    run: toBase32(random.bytes(16)),
    model: startModel(deps.self),
    isOnline: false,
    tabs: new Map(),
    activeTab: undefined,
    others: new Map(),
    takes: [],
    holderBefore: undefined,
    orders: [],
    lastOrder: 0,
    lastSaidMs: 0,
    isDirty: false,
    pausingSinceMs: undefined,
    book: createCommandBook((command) => say(context, { body: command })),
    listeners: new Set(),
    stopBusy: undefined,
  }
  const learn = (): void => learnFromDocument(context)
  const stops = [
    replica.onLive((live) => {
      if (live.collection === personal && live.account === deps.account) hear(context, live.device, live.message)
    }),
    replica.onChange((collection) => {
      if (collection === personal) learn()
    }),
    clock.every(beatMs, () => beat(context)),
  ]
  learn()
  return {
    answer: (question) => answer(context, questionSchema.parse(question)),
    value: (key) => (key === devicesViewKey ? viewOf(context) : { run: context.run, orders: context.orders }),
    onChange: (listener) => void context.listeners.add(listener),
    setOnline: (isOnline) => {
      if (context.isOnline === isOnline) return
      context.isOnline = isOnline
      if (isOnline) say(context, { asks: true })
      dispatch(context, { kind: isOnline ? 'joined' : 'left' })
    },
    close: () => {
      context.stopBusy?.()
      for (const stop of stops) stop()
    },
  }
}

const viewOf = (context: DevicesContext) => {
  const { activeTab, tabs, clock, replica, personal, model } = context
  return boardOf({
    ...context,
    holder: model.token?.to,
    membership: replica.membership(personal),
    own: activeTab === undefined ? undefined : tabs.get(activeTab),
    nowMs: clock.elapsedMs(),
  })
}

const answer = (context: DevicesContext, question: DevicesQuestion): Promise<unknown> => {
  switch (question.kind) {
    case 'report':
      return Promise.resolve(reportTab(context, question))
    case 'take':
      return takeFor(context, question)
    case 'release':
      dispatch(context, { kind: 'unwanted' })
      return Promise.resolve({})
    case 'command':
      return sendCommand(context, question)
    case 'look':
      say(context, { asks: true })
      return Promise.resolve({})
    case 'leave':
      return Promise.resolve(forgetTab(context, question.tab))
  }
}

const hear = (context: DevicesContext, from: DeviceId, bytes: Bytes): void => {
  const message = readDeviceMessage(bytes)
  if (message === undefined) return
  const { run, report, body, token, isSounding } = message
  const atMs = context.clock.elapsedMs()
  const reported = report === undefined ? context.others.get(from)?.reported : { report, atMs }
  context.others.set(from, { run, heardAtMs: atMs, reported })
  dispatch(context, { kind: 'heard', heard: { from, token, isSounding, message: tokenMessageOf(context, body) } })
  if (body !== undefined && 'action' in body && body.to === context.self) answerCommand(context, from, body)
  if (body?.kind === 'done' && body.to === context.self) context.book.answered(body.id, body.isDone)
  if (message.asks === true) say(context, {})
  for (const listener of context.listeners) listener(devicesViewKey)
}

/** A question for the token is for all, its answers are for one. */
const tokenMessageOf = ({ self }: DevicesContext, body: DeviceMessageBody | undefined): TokenMessage | undefined => {
  if (body?.kind === 'take') return body
  return (body?.kind === 'grant' || body?.kind === 'ack') && body.to === self ? body : undefined
}

/** What the document says was true when it was written: it counts for what is not heard. A holder that does not stand any more does not sound. */
const learnFromDocument = (context: DevicesContext): void => {
  const { replica, personal, account } = context
  const document = replica.show(personal, 'playback') as PlaybackDocument | undefined
  const token = document && currentToken(document)
  if (document === undefined || token === undefined) return
  const anchor = currentAnchor(document)
  const stands = replica.membership(personal)?.members.get(account)?.devices.has(token.to) === true
  const isSounding = stands && anchor?.device === token.to && anchor.anchor.rate === 1
  dispatch(context, { kind: 'learned', token, isSounding })
}

const beat = (context: DevicesContext): void => {
  dropSilentTabs(context)
  dispatch(context, { kind: 'tick' })
  for (const listener of context.listeners) listener(devicesViewKey)
}
