import { createServer, connect, type AddressInfo, type Socket } from 'node:net'

/** A TCP server that passes everything on to another one, and counts the bytes of both directions. */
export type CountingProxy = {
  readonly port: number
  readonly bytes: () => number
  readonly close: () => void
}

export const startCountingProxy = async (targetPort: number): Promise<CountingProxy> => {
  let bytes = 0
  const open = new Set<Socket>()
  const pass = (from: Socket, to: Socket): void => {
    open.add(from)
    from.setNoDelay(true)
    from.on('data', (data) => {
      bytes += data.length
      to.write(data)
    })
    from.on('close', () => {
      open.delete(from)
      to.destroy()
    })
    // A device that is ended resets its connection.
    from.on('error', () => to.destroy())
  }
  const server = createServer((socket) => {
    const target = connect(targetPort, '127.0.0.1')
    pass(socket, target)
    pass(target, socket)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    bytes: () => bytes,
    close: () => {
      server.close()
      for (const socket of open) socket.destroy()
    },
  }
}
