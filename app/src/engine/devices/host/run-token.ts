import type { Token } from '@tonestead/crdt/listening/packed-playback'
import { newIntentId } from '../../documents/new-intent-id.ts'
import { writeDeviceMessage, type DeviceMessage, type DeviceMessageBody } from '../messages/live-messages.ts'
import { devicesViewKey, ordersKey, type Order } from '../messages/tab-messages.ts'
import { isPlaying } from '../messages/player-report.ts'
import { stepToken } from '../token/token-machine.ts'
import type { TokenEffect, TokenEvent } from '../token/token-model.ts'
import { advanced, sayEveryMs } from './devices-board.ts'
import type { DevicesContext } from './devices-context.ts'

/** While something waits for an answer, or is to be said soon. */
const busyEveryMs = 50
/** A tab that does not pause in this time is gone, and its sound with it. */
const pauseWithinMs = 1_000
/** Changes of the player are said at most this often. */
const sayAtMostEveryMs = 150
const mostOrders = 32

/** Runs the token machine, and then does what it wants. */
export const dispatch = (context: DevicesContext, event: TokenEvent): void => {
  const before = context.model
  const { model, effects } = stepToken(before, event, context.clock.elapsedMs())
  context.model = model
  if (before.token?.to !== model.token?.to) {
    context.holderBefore = before.token?.to
    for (const listener of context.listeners) listener(devicesViewKey)
  }
  for (const effect of effects) run(context, effect)
  answerTakes(context)
  lookAtTime(context)
}

const run = (context: DevicesContext, effect: TokenEffect): void => {
  switch (effect.kind) {
    case 'sound':
      // It was paused while it asked for the token.
      if (context.takes.length === 0) giveOrder(context, context.activeTab, { action: { kind: 'play' } })
      return
    case 'pause':
      context.pausingSinceMs = context.clock.elapsedMs()
      return void giveOrder(context, context.activeTab, { action: { kind: 'yield' } })
    case 'say':
      return void say(context, {})
    case 'send':
      return void send(context, effect)
    case 'keep':
      return void keep(context, effect.token)
  }
}

const send = (context: DevicesContext, { to, message }: Extract<TokenEffect, { kind: 'send' }>): void => {
  if (message.kind === 'take') say(context, { body: message })
  else if (to !== undefined) say(context, { body: { ...message, to } })
}

/** Tells the other devices what this one knows and plays. A single device says nothing. */
export const say = (
  context: DevicesContext,
  { body, asks }: { readonly body?: DeviceMessageBody; readonly asks?: true },
): void => {
  const { replica, personal, account, self, clock, log } = context
  const devices = replica.membership(personal)?.members.get(account)?.devices
  if (devices === undefined || devices.size < 2 || !devices.has(self)) return
  const isWhole = body === undefined || body.kind === 'grant'
  if (isWhole) context.lastSaidMs = clock.elapsedMs()
  if (isWhole) context.isDirty = false
  const message = { ...headOf(context, isWhole), ...(asks && { asks }), ...(body && { body }) }
  void replica
    .sendLive(personal, writeDeviceMessage(message))
    .then(
      (outcome) => outcome === 'sent' || log.debug('a live message was not sent', { outcome }),
      log.failed('a live message was not sent'),
    )
}

const headOf = (context: DevicesContext, isWhole: boolean): DeviceMessage => {
  const { run, model, tabs, activeTab, clock } = context
  const own = activeTab === undefined || !isWhole ? undefined : tabs.get(activeTab)
  return {
    ...{ v: 1, run, isSounding: model.sound !== 'silent' },
    ...(model.token && { token: model.token }),
    ...(own && { report: advanced(own, clock.elapsedMs()) }),
  }
}

/** [DV4] The document keeps who took or granted the token, for devices that were not there. */
const keep = ({ replica, personal, self, random, log }: DevicesContext, token: Token): void => {
  const id = newIntentId(random)
  const operation = { kind: 'grantToken', id, device: self, token }
  void replica
    .edit({ collection: personal, document: 'playback', intent: { id, operation } })
    .catch(log.failed('the token was not written'))
}

/** An order to a tab: it is in the value that tabs watch, until others push it out. */
export const giveOrder = (
  context: DevicesContext,
  tab: string | undefined,
  given: Pick<Order, 'action' | 'from'>,
): void => {
  if (tab === undefined) return
  context.lastOrder += 1
  const order: Order = { number: context.lastOrder, tab, ...given }
  context.orders = [...context.orders, order].slice(-mostOrders)
  for (const listener of context.listeners) listener(ordersKey)
}

/** Whoever waited for the token may sound now, or will not. */
const answerTakes = (context: DevicesContext): void => {
  const { model, takes, holderBefore, others, clock } = context
  if (takes.length === 0 || model.taking !== undefined) return
  context.takes = []
  const isGranted = model.sound === 'sounding'
  const before = holderBefore === undefined ? undefined : others.get(holderBefore)?.reported
  const from = before && advanced(before, Math.min(clock.elapsedMs(), before.atMs + sayEveryMs.resting))
  for (const { answer } of takes)
    answer(isGranted ? { kind: 'granted', ...(from === undefined ? {} : { from }) } : { kind: 'withdrawn' })
}

const lookAtTime = (context: DevicesContext): void => {
  const { model, book, isDirty, pausingSinceMs, clock } = context
  if (model.sound !== 'pausing') context.pausingSinceMs = undefined
  const isBusy =
    model.taking !== undefined ||
    model.granting !== undefined ||
    pausingSinceMs !== undefined ||
    isDirty ||
    book.isWaiting()
  if (isBusy) context.stopBusy ??= clock.every(busyEveryMs, () => tickBusy(context))
  if (isBusy) return
  context.stopBusy?.()
  context.stopBusy = undefined
}

const tickBusy = (context: DevicesContext): void => {
  const { clock, pausingSinceMs, book } = context
  const nowMs = clock.elapsedMs()
  book.tick(nowMs)
  if (pausingSinceMs !== undefined && nowMs - pausingSinceMs >= pauseWithinMs) dispatch(context, { kind: 'silent' })
  sayWhatIsDue(context)
  dispatch(context, { kind: 'tick' })
}

/** [DV2] A change at once, and otherwise from time to time. */
export const sayWhatIsDue = (context: DevicesContext): void => {
  const { clock, lastSaidMs, isDirty, activeTab, tabs, isOnline } = context
  if (!isOnline) return void (context.isDirty = false)
  const own = activeTab === undefined ? undefined : tabs.get(activeTab)
  const every = own !== undefined && isPlaying(own.report) ? sayEveryMs.playing : sayEveryMs.resting
  if (clock.elapsedMs() - lastSaidMs >= (isDirty ? sayAtMostEveryMs : every)) say(context, {})
}
