import { describe, expect, test } from 'vitest'
import { createManualClock } from '../../../platform/system/manual-clock.ts'
import { silentLog } from '../../../platform/system/silent-log.ts'
import type {
  DocumentsWorker,
  FromDocumentsWorker,
  ToDocumentsWorker,
} from '../../../ports/documents/documents-worker.ts'
import { createCell } from '../../cell.ts'
import type { Answer } from '../../server/answer.ts'
import type { KnownServer } from '../../server/server-connection.ts'
import { leadWithWorker, mostUnanswered, pingEveryMs } from './serve-worker.ts'

const relay = { kty: 'OKP', crv: 'Ed25519', x: 'A'.repeat(43) } as const
const turn = () => new Promise((resolve) => setTimeout(resolve, 0))

const start = (known: Partial<KnownServer> | undefined = { relay }) => {
  const clock = createManualClock()
  const workers: {
    readonly got: ToDocumentsWorker[]
    isHanging: boolean
    say: (message: FromDocumentsWorker) => void
    break: () => void
    isStopped: boolean
  }[] = []
  const startWorker = (): DocumentsWorker => {
    const worker = {
      got: [] as ToDocumentsWorker[],
      isHanging: false,
      say: () => undefined,
      break: () => undefined,
      isStopped: false,
    } as (typeof workers)[number]
    workers.push(worker)
    return {
      post: (message) => {
        if (message.kind !== 'ping') return void worker.got.push(message)
        if (!worker.isHanging) queueMicrotask(() => worker.say({ kind: 'pong' }))
      },
      onMessage: (listener) => (worker.say = listener),
      onBroken: (listener) => (worker.break = listener),
      stop: () => (worker.isStopped = true),
    }
  }
  const server = createCell(known as KnownServer | undefined)
  const [isOnline, session] = [createCell(true), createCell<unknown>(undefined)]
  const world = { answer: { kind: 'ready', value: { pass: 'pass', expiresAt: 1 } } as Answer<unknown>, broken: 0 }
  const requests: unknown[] = []
  const stop = leadWithWorker({
    ...{ startWorker, clock, log: silentLog, receiveLog: () => undefined },
    server: { server, isOnline, known: async () => server.get(), refresh: async () => server.get() } as never,
    client: {
      session,
      request: async (request: unknown) => {
        requests.push(request)
        return world.answer
      },
    } as never,
    onBroken: () => (world.broken += 1),
  })
  return { clock, workers, server, isOnline, session, world, requests, stop }
}

describe('the leading tab and its worker', () => {
  test('[DO11] the worker learns the relay of this address, now or when the server is known', async () => {
    const { workers } = start()
    await turn()
    expect(workers[0]!.got).toEqual([{ kind: 'home', relay }])
    const later = start({})
    await turn()
    expect(later.workers[0]!.got).toEqual([{ kind: 'home', relay: undefined }])
    later.server.set({ relay } as never)
    expect(later.workers[0]!.got.at(-1)).toEqual({ kind: 'home', relay })
  })

  test.each([
    [
      { kind: 'ready', value: { pass: 'pass', expiresAt: 1 } },
      { kind: 'granted', pass: 'pass' },
    ],
    [{ kind: 'problem', code: 'not-permitted', title: '' }, { kind: 'refused' }],
    [{ kind: 'problem', code: 'device-removed', title: '' }, { kind: 'refused' }],
    [{ kind: 'problem', code: 'rate-limited', title: '' }, { kind: 'unavailable' }],
    [{ kind: 'offline' }, { kind: 'unavailable' }],
  ] as const)('[DO8] the server answers %j to the question for a pass', async (answer, expected) => {
    const { workers, world, requests } = start()
    world.answer = answer as never
    workers[0]!.say({ kind: 'pass-wanted', id: 3, relay })
    await turn()
    expect(requests).toMatchObject([{ path: '/api/relay-passes', body: { relay: relay.x } }])
    expect(workers[0]!.got.at(-1)).toEqual({ kind: 'pass', id: 3, answer: expected })
  })

  test('[DO8] a network that is back and a new session make it connect', async () => {
    const { workers, isOnline, session } = start()
    await turn()
    isOnline.set(false)
    expect(workers[0]!.got.length).toBe(1)
    isOnline.set(true)
    session.set({})
    expect(workers[0]!.got.slice(1)).toEqual([{ kind: 'connect' }, { kind: 'connect' }])
  })

  test('[DO5] a worker that broke is replaced, later each time, and none is started after the end', async () => {
    const { clock, workers, world, stop } = start()
    workers[0]!.break()
    await clock.advance(1_000)
    expect([workers.length, workers[0]!.isStopped, world.broken]).toEqual([2, true, 1])
    // It has told the tabs itself.
    workers[1]!.say({ kind: 'failed' })
    await clock.advance(1_000)
    expect([workers.length, world.broken]).toEqual([2, 1])
    await clock.advance(4_000)
    expect(workers.length).toBe(3)
    stop()
    await clock.advance(1_000_000)
    expect([workers.length, workers[2]!.isStopped]).toEqual([3, true])
  })

  test('[DO14] a worker that does not answer any more is replaced; one that is late is not', async () => {
    const { clock, workers, world } = start()
    await clock.advance(pingEveryMs * 30)
    expect(workers.length).toBe(1)
    workers[0]!.isHanging = true
    await clock.advance(pingEveryMs * (mostUnanswered - 1))
    workers[0]!.say({ kind: 'pong' })
    await clock.advance(pingEveryMs * (mostUnanswered - 1))
    expect([workers.length, workers[0]!.isStopped]).toEqual([1, false])
    await clock.advance(pingEveryMs * 3)
    expect([workers.length, workers[0]!.isStopped, world.broken]).toEqual([2, true, 1])
  })

  test('[DO14] a worker that has ended is asked no more', async () => {
    const { clock, workers, stop } = start()
    workers[0]!.isHanging = true
    stop()
    await clock.advance(pingEveryMs * mostUnanswered * 2)
    expect(workers.length).toBe(1)
  })
})
