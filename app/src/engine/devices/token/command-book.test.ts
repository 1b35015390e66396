import { parseDeviceId } from '@tonestead/crdt/ids'
import { expect, it } from 'vitest'
import type { CommandMessage } from '../messages/live-messages.ts'
import { createCommandBook } from './command-book.ts'

const run = 'r'.repeat(26)
const command = (letter: string, given: Partial<CommandMessage> = {}): CommandMessage => ({
  ...{ kind: 'command', id: letter.repeat(26), to: parseDeviceId('d'.repeat(52)), run, epoch: 3 },
  ...{ action: { kind: 'pause' } },
  ...given,
})

it('[CM1] a command has its effect once, however often it comes', () => {
  const book = createCommandBook(() => undefined)
  const here = { run, epoch: 3 }
  expect([1, 2, 3].map(() => book.take(command('a'), here))).toEqual(['new', 'known', 'known'])
  expect(book.take(command('b'), here)).toBe('new')
})

it('[CM2] a command under an older token, or for an earlier run of the device, has no effect', () => {
  const book = createCommandBook(() => undefined)
  expect(book.take(command('a', { epoch: 2 }), { run, epoch: 3 })).toBe('old')
  expect(book.take(command('a'), { run: 's'.repeat(26), epoch: 3 })).toBe('old')
  expect(book.take(command('a', { epoch: 4 }), { run, epoch: 3 })).toBe('new')
})

it('[TK4] [CM1] a command is sent again after 150 and 400 ms until it is answered, and given up after 3 s', async () => {
  const sent: string[] = []
  const book = createCommandBook(({ id }) => sent.push(id[0]!))
  const [first, second] = [book.order(command('a'), 0), book.order(command('b'), 0)]
  book.tick(100)
  expect(sent.join('')).toBe('ab')
  book.answered('a'.repeat(26), true)
  expect(await first).toEqual({ kind: 'done' })
  for (const ms of [150, 200, 400, 900, 2_999]) book.tick(ms)
  expect(sent.join('')).toBe('abbbb')
  book.tick(3_000)
  expect(await second).toEqual({ kind: 'no-answer' })
  expect(book.isWaiting()).toBe(false)
})
