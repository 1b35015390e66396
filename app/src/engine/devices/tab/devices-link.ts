import { toBase32 } from '@tonestead/protocol/bytes'
import type { Clock } from '../../../ports/clock.ts'
import type { Log } from '../../../ports/log.ts'
import type { Random } from '../../../ports/random.ts'
import { createCell, type Cell } from '../../cell.ts'
import type { Leader } from '../../documents/documents.ts'
import type { Readable } from '../../readable.ts'
import type { PlayerAction, PlayerReport } from '../messages/player-report.ts'
import {
  commandAnswerSchema,
  devicesPart,
  devicesViewKey,
  devicesViewSchema,
  ordersKey,
  ordersSchema,
  takeAnswerSchema,
  type CommandAnswer,
  type DevicesQuestion,
  type LeaderDevices,
  type Order,
  type TakeAnswer,
} from '../messages/tab-messages.ts'

/** What the leader knew of the devices at an instant (monotonic milliseconds). */
type Board = LeaderDevices & { readonly atMs: number }

/** What one tab says to the leader's part for devices, and hears of it. */
export type DevicesLink = {
  readonly board: Readable<Board | undefined>
  readonly report: (report: PlayerReport) => void
  /** Undefined when the leader does not answer such questions. */
  readonly take: (signal: AbortSignal) => Promise<TakeAnswer | undefined>
  readonly command: (to: string, action: PlayerAction) => Promise<CommandAnswer['kind']>
  readonly look: () => void
  readonly leave: () => void
}

type Dependencies = {
  readonly leader: Leader
  readonly tab: string
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  readonly onOrder: (order: Order) => void
}

export const createDevicesLink = (deps: Dependencies): DevicesLink => {
  const { leader, tab, clock, random, log } = deps
  const board: Cell<Board | undefined> = createCell<Board | undefined>(undefined)
  const value = leader.value(devicesPart, devicesViewKey)
  const read = (): void => {
    const parsed = devicesViewSchema.safeParse(value.get()).data
    if (parsed !== undefined) board.set({ ...parsed, atMs: clock.elapsedMs() })
  }
  value.subscribe(read)
  read()
  followOrders(deps)
  const ask = async (question: DevicesQuestion, signal = new AbortController().signal): Promise<unknown> => {
    const answer = await leader.ask(devicesPart, question, signal)
    return answer.kind === 'answered' ? answer.value : undefined
  }
  const tell = (question: DevicesQuestion): void =>
    void ask(question).catch(log.failed('the leader was not told of the player'))
  const newId = (): string => toBase32(random.bytes(16))
  return {
    board,
    report: (report) => tell({ kind: 'report', tab, report }),
    take: async (signal) => {
      const id = newId()
      signal.addEventListener('abort', () => tell({ kind: 'release', id }), { once: true })
      return takeAnswerSchema.safeParse(await ask({ kind: 'take', tab, id }, signal)).data
    },
    command: async (to, action) => {
      const answer = commandAnswerSchema.safeParse(await ask({ kind: 'command', id: newId(), to, action })).data
      return answer?.kind ?? 'no-answer'
    },
    look: () => tell({ kind: 'look' }),
    leave: () => tell({ kind: 'leave', tab }),
  }
}

/** Each order is carried out once. A new leader numbers its orders from 1. */
const followOrders = ({ leader, tab, onOrder }: Dependencies): void => {
  const value = leader.value(devicesPart, ordersKey)
  let done = { run: '', number: 0 }
  const read = (): void => {
    const parsed = ordersSchema.safeParse(value.get()).data
    if (parsed === undefined) return
    if (parsed.run !== done.run) done = { run: parsed.run, number: 0 }
    for (const order of parsed.orders) {
      if (order.tab !== tab || order.number <= done.number) continue
      done.number = order.number
      onOrder(order)
    }
  }
  value.subscribe(read)
  read()
}
