import type { CommandMessage } from '../messages/live-messages.ts'
import type { CommandAnswer } from '../messages/tab-messages.ts'
import { resendAfterMs, silentAfterMs } from './token-machine.ts'

// Commands to other devices until they are answered, and those that were taken here.

type Sent = {
  readonly command: CommandMessage
  readonly sinceMs: number
  sends: number
  readonly answer: (answer: CommandAnswer) => void
}

/** Most commands whose ids are remembered; older ones are of an earlier token or were given up long ago. */
const mostTaken = 512

export type CommandBook = {
  /** [TK4] Sends a command until it is answered, for 3 s. The same id again waits for the same answer. */
  readonly order: (command: CommandMessage, nowMs: number) => Promise<CommandAnswer>
  readonly answered: (id: string, isDone: boolean) => void
  readonly tick: (nowMs: number) => void
  readonly isWaiting: () => boolean
  /** [CM1] [CM2] What to do with a command that came: `new` ones have their effect, the others are only answered. */
  readonly take: (
    command: CommandMessage,
    here: { readonly run: string; readonly epoch: number },
  ) => 'new' | 'known' | 'old'
}

export const createCommandBook = (send: (command: CommandMessage) => void): CommandBook => {
  const sent = new Map<string, Sent>()
  const taken = new Set<string>()
  const settle = (id: string, kind: CommandAnswer['kind']): void => {
    sent.get(id)?.answer({ kind })
    sent.delete(id)
  }
  return {
    order: (command, nowMs) =>
      new Promise((resolve) => {
        const before = sent.get(command.id)
        const answer = (answered: CommandAnswer): void => {
          before?.answer(answered)
          resolve(answered)
        }
        sent.set(command.id, { command: before?.command ?? command, sinceMs: nowMs, sends: 1, answer })
        if (before === undefined) send(command)
      }),
    answered: (id, isDone) => settle(id, isDone ? 'done' : 'refused'),
    tick: (nowMs) => {
      for (const [id, each] of sent) {
        if (nowMs - each.sinceMs >= silentAfterMs) settle(id, 'no-answer')
        else if (nowMs - each.sinceMs >= (resendAfterMs[each.sends - 1] ?? Infinity)) {
          each.sends += 1
          send(each.command)
        }
      }
    },
    isWaiting: () => sent.size > 0,
    take: ({ id, run, epoch }, here) => {
      if (taken.has(id)) return 'known'
      if (run !== here.run || epoch < here.epoch) return 'old'
      taken.add(id)
      const [oldest] = taken
      if (taken.size > mostTaken && oldest !== undefined) taken.delete(oldest)
      return 'new'
    },
  }
}
