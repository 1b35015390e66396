import { parseDeviceId, type DeviceId } from '@tonestead/crdt/ids'
import type { CommandMessage } from '../messages/live-messages.ts'
import type { CommandAnswer, DevicesQuestion } from '../messages/tab-messages.ts'
import type { DevicesContext } from './devices-context.ts'
import { dispatch, giveOrder, say } from './run-token.ts'

/** Sends a command of a tab to another device. */
export const sendCommand = (
  context: DevicesContext,
  { id, to, action }: Extract<DevicesQuestion, { kind: 'command' }>,
): Promise<CommandAnswer> => {
  const { others, model, book, clock } = context
  const device = parseDeviceId(to)
  const run = others.get(device)?.run
  if (run === undefined) return Promise.resolve({ kind: 'no-answer' })
  const command = { kind: 'command', id, to: device, run, epoch: model.token?.epoch ?? 0, action } as const
  const answer = book.order(command, clock.elapsedMs())
  dispatch(context, { kind: 'tick' })
  return answer
}

/** [CM1] [CM2] A command for the player of this device. The holder alone obeys, except that any device may be asked to take over. */
export const answerCommand = (context: DevicesContext, from: DeviceId, command: CommandMessage): void => {
  const { book, run, model, self } = context
  const { id, action } = command
  const tab = context.activeTab ?? [...context.tabs.keys()].at(-1)
  const taken = book.take(command, { run, epoch: model.token?.epoch ?? 0 })
  const mayObey = tab !== undefined && (action.kind === 'takeOver' || model.token?.to === self)
  if (taken === 'new' && mayObey) giveOrder(context, tab, { action, from })
  say(context, { body: { kind: 'done', id, to: from, isDone: taken === 'known' || (taken === 'new' && mayObey) } })
}
