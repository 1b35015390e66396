import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

/** How a line to the server is: round trip in milliseconds, and its one bandwidth for everything that comes down. */
export type Line = { readonly latencyMs: number; readonly bitsPerSecond: number }

/** A TCP proxy on loopback that behaves like a line. All connections share the bandwidth; a new connection costs one round trip more. */
export type ThrottledLink = {
  readonly port: number
  setLine(line: Line): void
  /** Cuts all connections and refuses new ones until `mend`. */
  cut(): void
  mend(): void
  /** Bytes that came down since the start. */
  downBytes(): number
  close(): Promise<void>
}

const pieceBytes = 1460

export const openThrottledLink = async (targetPort: number, first: Line): Promise<ThrottledLink> => {
  let line = first
  let isCut = false
  let freeAt = 0
  let down = 0
  const sockets = new Set<Socket>()
  const later = (ms: number, act: () => void): void => void setTimeout(act, Math.max(0, ms))

  /** Books the shared downlink for some bytes: when the last of them has left it. */
  const book = (bytes: number): number => {
    const now = performance.now()
    freeAt = Math.max(freeAt, now) + (bytes * 8000) / line.bitsPerSecond
    return freeAt - now
  }

  const carryDown = (from: Socket, to: Socket): void => {
    from.on('data', (data: Buffer) => {
      from.pause()
      let sent = 0
      const next = (): void => {
        const piece = data.subarray(sent, sent + pieceBytes)
        if (piece.length === 0 || to.destroyed) return void from.resume()
        sent += piece.length
        down += piece.length
        later(book(piece.length), () => {
          later(line.latencyMs / 2, () => void (to.destroyed || to.write(piece)))
          next()
        })
      }
      next()
    })
    from.on('end', () => later(line.latencyMs / 2 + Math.max(0, freeAt - performance.now()) + 5, () => to.end()))
  }

  const server = createServer((client) => {
    if (isCut) return void client.destroy()
    const origin = connect({ port: targetPort, host: '127.0.0.1', noDelay: true })
    client.setNoDelay(true)
    for (const socket of [client, origin]) {
      sockets.add(socket)
      socket.on('error', () => socket.destroy())
      socket.on('close', () => sockets.delete(socket))
    }
    const openedAt = performance.now()
    client.on('data', (data: Buffer) => {
      const handshake = Math.max(0, openedAt + line.latencyMs - performance.now())
      later(handshake + line.latencyMs / 2, () => void (origin.destroyed || origin.write(data)))
    })
    client.on('close', () => origin.destroy())
    carryDown(origin, client)
    origin.on('close', () => later(line.latencyMs + 50, () => client.destroySoon()))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    setLine: (next) => void (line = next),
    cut: () => {
      isCut = true
      for (const socket of sockets) socket.destroy()
    },
    mend: () => void (isCut = false),
    downBytes: () => down,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy()
        server.close(() => resolve())
      }),
  }
}
