import type { Right, Session } from '@tonestead/protocol/auth'
import { describe, expect, test } from 'vitest'
import { silentLog as log } from '../../platform/system/silent-log.ts'
import { createManualClock } from '../../platform/system/manual-clock.ts'
import type { SignedClient } from '../server/signed-client.ts'
import { createCell } from '../cell.ts'
import type { Answer } from '../server/answer.ts'
import { createIngestMonitor } from './create-ingest-monitor.ts'
import { readServerEvents } from './server-events.ts'

const summary = {
  found: 1,
  waiting: 1,
  working: 0,
  playable: 0,
  complete: 0,
  refused: 0,
  withdrawn: 0,
  unreachable: 0,
  held: 0,
  estimatedBytes: 1,
  freeBytes: 1,
}
const item = { id: 'i', name: 'a.flac', state: { kind: 'working', step: 'probing' } }

const createWorld = () => {
  const clock = createManualClock()
  const session = createCell<Session | undefined>(undefined)
  const connections: { push: (line: string) => void; end: () => void; signal: AbortSignal }[] = []
  const state: { report: Answer<unknown> } = { report: { kind: 'ready', value: { summary, items: [item] } } }
  const stream = async ({ signal }: { signal: AbortSignal }) => {
    const lines = new TransformStream<string, string>(undefined, { highWaterMark: 100 })
    const writer = lines.writable.getWriter()
    connections.push({ push: (line) => void writer.write(line), end: () => void writer.close(), signal })
    return { kind: 'ready', value: lines.readable }
  }
  const client = { session, stream, request: async () => state.report } as unknown as SignedClient
  const monitor = createIngestMonitor({ client, clock, log })
  const setRights = (rights: Right[]): void =>
    session.set({ token: '', expiresAt: 0, serverTime: 0, account: '', device: '', rights })
  return { clock, monitor, connections, state, setRights }
}

describe('the ingest monitor', () => {
  test('is hidden from accounts that are not administrators, and sends no request while no page shows it', async () => {
    const world = createWorld()
    const stop = world.monitor.view.subscribe(() => undefined)
    world.setRights(['listen'])
    expect(world.monitor.view.get()).toEqual({ kind: 'hidden' })
    stop()
    world.setRights(['administer'])
    await world.clock.advance(1000)
    expect(world.connections.length).toBe(0)
  })
  test('shows the report, then its changes, and connects again when the connection breaks', async () => {
    const world = createWorld()
    world.setRights(['administer'])
    const stop = world.monitor.view.subscribe(() => undefined)
    await world.clock.advance(10)
    expect(world.monitor.view.get()).toMatchObject({ kind: 'watching', items: [{ state: { step: 'probing' } }] })
    const change = { ...item, state: { kind: 'published', track: 't', isComplete: false } }
    for (const line of [
      'event: item',
      `data: ${JSON.stringify(change)}`,
      '',
      'event: summary',
      `data: ${JSON.stringify({ ...summary, playable: 1 })}`,
      '',
      'data: nonsense',
      '',
    ])
      world.connections[0]!.push(line)
    await expect
      .poll(() => world.monitor.view.get())
      .toMatchObject({ summary: { playable: 1 }, items: [{ state: { kind: 'published' } }] })
    world.connections[0]!.end()
    await expect.poll(() => world.monitor.view.get().kind).toBe('offline')
    await world.clock.advance(2000)
    expect(world.connections.length).toBe(2)
    stop()
    expect(world.connections[1]!.signal.aborted).toBe(true)
  })
})

test('confirms that missing files were deleted, and says how many', async () => {
  const world = createWorld()
  world.state.report = { kind: 'ready', value: { withdrawn: 3 } }
  expect(await world.monitor.withdrawHeld()).toEqual({ kind: 'withdrawn', files: 3 })
  world.state.report = { kind: 'offline' }
  expect(await world.monitor.withdrawHeld()).toEqual({ kind: 'offline' })
})

test('server-sent events are parsed from their lines', async () => {
  const lines = async function* () {
    yield* [': comment', 'event: a', 'data: 1', 'data: 2', '', 'id: 7', 'data:3', '', 'event: nothing', '']
  }
  const events: unknown[] = []
  for await (const event of readServerEvents(lines())) events.push(event)
  expect(events).toEqual([
    { event: 'a', data: '1\n2' },
    { event: 'message', data: '3' },
  ])
})
