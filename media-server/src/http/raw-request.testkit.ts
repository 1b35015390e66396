import { connect, type Socket } from 'node:net'

/** Sends bytes as they are, without the corrections that `fetch` makes to a path, and resolves with what the server answered until it closed the connection. */
export const sendRaw = (origin: string, text: string): Promise<string> => {
  const socket = openSocket(origin)
  socket.write(text)
  return readToEnd(socket)
}

export const openSocket = (origin: string): Socket => {
  const socket = connect(Number(new URL(origin).port), '127.0.0.1')
  // The server may reset the connection after its answer: what has arrived by then is what counts.
  socket.on('error', () => undefined)
  return socket
}

const readToEnd = (socket: Socket): Promise<string> =>
  new Promise((resolve) => {
    let text = ''
    socket.on('data', (data) => {
      text += data.toString()
    })
    socket.on('close', () => {
      resolve(text)
    })
  })

/** One request without a body. The connection ends with its answer. */
export const rawRequest = (request: {
  readonly method: string
  readonly target: string
  readonly headers?: Readonly<Record<string, string>>
}): string =>
  [
    `${request.method} ${request.target} HTTP/1.1`,
    'host: localhost',
    'connection: close',
    ...Object.entries(request.headers ?? {}).map(([name, value]) => `${name}: ${value}`),
    '',
    '',
  ].join('\r\n')
