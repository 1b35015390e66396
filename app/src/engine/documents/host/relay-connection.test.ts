import { describe, expect, test } from 'vitest'
import type { Bytes } from '@tonestead/protocol/bytes'
import { readClientFrame } from '@tonestead/protocol/sync/frame'
import { createManualClock } from '../../../platform/system/manual-clock.ts'
import { createSeededRandom } from '../../../platform/system/seeded-random.ts'
import { silentLog } from '../../../platform/system/silent-log.ts'
import type { PassAnswer } from '../../../ports/documents/documents-worker.ts'
import type { SocketEvents } from '../../../ports/documents/relay-socket.ts'
import type { SyncLink } from '../../../ports/sync-link.ts'
import { keepRelayConnection } from './relay-connection.ts'

const relay = { kty: 'OKP', crv: 'Ed25519', x: 'A'.repeat(43) } as const

const start = (answer: PassAnswer = { kind: 'granted', pass: 'pass' }) => {
  const clock = createManualClock()
  const sockets: { readonly events: SocketEvents; isClosed: boolean; readonly sent: Bytes[] }[] = []
  const links: SyncLink[] = []
  const received: Bytes[] = []
  const changes: boolean[] = []
  const world = { answer, passes: 0, isGuestWanted: false }
  const connection = keepRelayConnection({
    ...{ clock, random: createSeededRandom(1), log: silentLog, relay, deviceLog: ['entry'] },
    requestPass: () => {
      world.passes += 1
      return Promise.resolve(world.answer)
    },
    isGuestWanted: () => world.isGuestWanted,
    replica: {
      openLink: (link) => {
        links.push(link)
        return { receive: (frame) => void received.push(frame), closed: () => undefined }
      },
    },
    openSocket: (events) => {
      const socket = { events, isClosed: false, sent: [] as Bytes[] }
      sockets.push(socket)
      return {
        send: (frame) => void socket.sent.push(frame),
        close: () => {
          if (socket.isClosed) return
          socket.isClosed = true
          events.onClosed()
        },
      }
    },
    onChange: () => changes.push(connection.isOpen()),
  })
  return { clock, sockets, links, received, changes, world, connection }
}

describe('the connection to the relay', () => {
  test('[DO8] shows the pass and the device log, and passes frames on', async () => {
    const { clock, sockets, links, received, changes } = start()
    await clock.advance(0)
    sockets[0]!.events.onOpen()
    expect(links[0]).toMatchObject({ kind: 'relay', key: relay, credentials: { deviceLog: ['entry'], pass: 'pass' } })
    const frame = new Uint8Array([1, 2])
    sockets[0]!.events.onFrame(frame)
    expect(received).toEqual([frame])
    links[0]!.send(frame)
    expect(sockets[0]!.sent).toEqual([frame])
    expect(changes).toEqual([true])
  })

  test('[DO8] without a right nothing is asked again until something has changed', async () => {
    const { clock, sockets, world, connection } = start({ kind: 'refused' })
    await clock.advance(0)
    await clock.advance(3_600_000)
    expect([world.passes, sockets.length]).toEqual([1, 0])
    world.answer = { kind: 'granted', pass: 'pass' }
    connection.connectNow()
    await clock.advance(0)
    expect([world.passes, sockets.length]).toEqual([2, 1])
  })

  test('[DO17] whom somebody has invited connects without a pass, and with one as soon as the account has a right', async () => {
    const { clock, sockets, links, world, connection } = start({ kind: 'refused' })
    await clock.advance(0)
    expect(sockets.length).toBe(0)
    world.isGuestWanted = true
    connection.connectNow()
    await clock.advance(0)
    sockets[0]!.events.onOpen()
    expect(links.map((link) => link.kind === 'relay' && link.credentials)).toEqual([{ deviceLog: ['entry'] }])
    world.answer = { kind: 'granted', pass: 'pass' }
    connection.connectNow()
    await clock.advance(0)
    expect(sockets[0]!.isClosed).toBe(true)
    expect(links[1]).toMatchObject({ credentials: { deviceLog: ['entry'], pass: 'pass' } })
  })

  test('[DO8] after failures it waits longer each time, at most a minute, and tries at once when the network is back', async () => {
    const { clock, sockets, connection } = start()
    const closed = new Set<unknown>()
    const closeAll = (): void => {
      for (const socket of sockets) {
        if (!closed.has(socket)) socket.events.onClosed()
        closed.add(socket)
      }
    }
    for (let seconds = 0; seconds < 1_200; seconds += 1) {
      await clock.advance(1_000)
      closeAll()
    }
    const before = sockets.length
    expect(before).toBeGreaterThan(20)
    expect(before).toBeLessThan(50)
    connection.connectNow()
    await clock.advance(0)
    expect(sockets.length).toBe(before + 1)
  })

  test('[DO8] one that was open for a while is opened again soon', async () => {
    const { clock, sockets, changes } = start()
    await clock.advance(0)
    for (let count = 1; count < 5; count += 1) {
      sockets.at(-1)!.events.onOpen()
      await clock.advance(20_000)
      sockets.at(-1)!.events.onClosed()
      await clock.advance(1_000)
      expect(sockets.length).toBe(count + 1)
    }
    expect(changes.slice(0, 2)).toEqual([true, false])
  })

  test('[DO8] one on which nothing is heard any more is closed', async () => {
    const { clock, sockets } = start()
    await clock.advance(0)
    sockets[0]!.events.onOpen()
    await clock.advance(30_000)
    expect(sockets[0]!.sent.map((bytes) => readClientFrame(bytes)?.message.kind)).toEqual(['ping'])
    sockets[0]!.events.onFrame(new Uint8Array(1))
    await clock.advance(30_000)
    expect(sockets[0]!.isClosed).toBe(false)
    await clock.advance(30_000)
    expect(sockets[0]!.isClosed).toBe(true)
  })

  test('[DO8] it ends with its worker', async () => {
    const { clock, sockets, connection } = start()
    await clock.advance(0)
    connection.stop()
    await clock.advance(100_000)
    expect([sockets.length, sockets[0]!.isClosed]).toEqual([1, true])
  })
})
