import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { createDelayQueue } from './delay-queue.ts'

/** The network between browser and server: round trip in milliseconds, and one downstream bandwidth for all connections. */
export type Line = { readonly latencyMs: number; readonly bitsPerSecond: number }

/** A TCP proxy on loopback that behaves like a line. All connections share the bandwidth; a new connection costs one more round trip. */
export type ThrottledLink = {
  readonly port: number
  setLine(line: Line): void
  /** Cuts all connections and refuses new ones until `mend`. */
  cut(): void
  mend(): void
  /** Bytes sent downstream since the start. */
  downBytes(): number
  close(): Promise<void>
}

/** Payload of one TCP segment on Ethernet: connections take turns on the shared bandwidth in pieces of this size. */
const pieceBytes = 1460

export const openThrottledLink = async (targetPort: number, first: Line): Promise<ThrottledLink> => {
  let line = first
  let isCut = false
  let downBytes = 0
  const sockets = new Set<Socket>()
  const shared = createSharedBandwidth(() => line)

  /** Half of the round trip in each direction. Upstream has latency only. */
  const upstream: Schedule = (_bytes, { openedAt, readAt }) =>
    Promise.resolve(Math.max(readAt, openedAt + line.latencyMs) + line.latencyMs / 2)
  const downstream: Schedule = async (bytes, { readAt, signal }) => {
    downBytes += bytes
    return (await shared.transmit(bytes, { readAt, signal })) + line.latencyMs / 2
  }

  const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    if (isCut) return void client.destroy()
    const origin = connect({ port: targetPort, host: '127.0.0.1', noDelay: true, allowHalfOpen: true })
    const closing = new AbortController()
    const openedAt = performance.now()
    for (const socket of [client, origin]) {
      sockets.add(socket)
      // `carry` sees the same error and ends the connection.
      socket.on('error', () => socket.destroy())
      socket.on('close', () => sockets.delete(socket))
    }
    const directions = [
      carry({ from: client, to: origin, openedAt, signal: closing.signal }, upstream),
      carry({ from: origin, to: client, openedAt, signal: closing.signal }, downstream),
    ]
    // One direction that breaks takes the other with it; two that end close the sockets by themselves.
    for (const direction of directions) {
      direction.catch(() => {
        closing.abort()
        client.destroy()
        origin.destroy()
      })
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const destroyAll = (): void => {
    for (const socket of sockets) socket.destroy()
  }
  return {
    port: (server.address() as AddressInfo).port,
    setLine: (next) => void (line = next),
    cut: () => {
      isCut = true
      destroyAll()
    },
    mend: () => void (isCut = false),
    downBytes: () => downBytes,
    close: () =>
      new Promise((resolve) => {
        destroyAll()
        server.close(() => resolve())
      }),
  }
}

type Timing = { readonly openedAt: number; readonly readAt: number; readonly signal: AbortSignal }
/** When a piece of so many bytes arrives at the other end. Resolves once the next piece may follow. */
type Schedule = (bytes: number, timing: Timing) => Promise<number>
type Direction = { readonly from: Socket; readonly to: Socket; readonly openedAt: number; readonly signal: AbortSignal }

/** Carries one direction to its end, then closes that direction only. Rejects when a socket closes before its end. */
const carry = async ({ from, to, openedAt, signal }: Direction, schedule: Schedule): Promise<void> => {
  const queue = createDelayQueue({ to, signal })
  let readAt = 0
  // Reading stops while the queue is full: the sender then feels the slow receiver.
  for await (const data of from.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    readAt = performance.now()
    for (let sent = 0; sent < data.length; sent += pieceBytes) {
      const piece = data.subarray(sent, sent + pieceBytes)
      await queue.push(piece, await schedule(piece.length, { openedAt, readAt, signal }))
    }
  }
  await queue.drained()
  to.end()
}

/** The downstream bandwidth: pieces of all connections go one after the other. */
const createSharedBandwidth = (line: () => Line) => {
  let freeAt = 0
  return {
    /**
     * Resolves with the time at which the last bit has left, no earlier than that time. The time is reckoned from the piece before, not from when a
     * timer fired: timers are late by a millisecond or more, which at 10 Mbit/s is the time of a whole piece.
     */
    transmit: async (bytes: number, { readAt, signal }: Pick<Timing, 'readAt' | 'signal'>): Promise<number> => {
      freeAt = Math.max(freeAt, readAt) + (bytes * 8000) / line().bitsPerSecond
      const leftAt = freeAt
      const restMs = leftAt - performance.now()
      if (restMs > 0.5) await wait(restMs, undefined, { signal }).catch(() => undefined)
      return leftAt
    },
  }
}
