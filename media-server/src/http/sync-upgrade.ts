import { STATUS_CODES, type IncomingMessage, type Server } from 'node:http'
import { connect } from 'node:net'
import type { Duplex } from 'node:stream'
import type { HttpServices } from './http-services.ts'
import { peerOf } from './peer-address.ts'
import { problemFrom } from './problem-response.ts'

// The relay is a program of its own. Its WebSocket has the same port as everything else: this hands the connection on, byte for byte.

const syncPath = '/sync'
/** How soon a client tries again while the relay starts. */
const retryAfterSeconds = 2

export const isSyncRequest = ({ url = '/' }: IncomingMessage): boolean => url.split('?', 1)[0] === syncPath

/** Hands upgrades of /sync on to the relay. `admit` checks limits, host and origin, and throws a ProblemError. */
export const passSyncOn = (
  server: Server,
  services: Pick<HttpServices, 'relayPort' | 'publicUrl' | 'isDraining' | 'stopping'>,
  admit: (request: IncomingMessage) => () => void,
): void => {
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    // A connection that breaks is closed; there is nobody to tell.
    socket.on('error', () => socket.destroy())
    if (!isSyncRequest(request)) return void refuse(socket, 404)
    const port = services.relayPort()
    if (port === undefined || services.isDraining()) return void refuse(socket, 503)
    try {
      socket.once('close', admit(request))
    } catch (error) {
      return void refuse(socket, problemFrom(error).status)
    }
    const peer = peerOf(request, services.publicUrl !== undefined)
    join({ socket, head, port, stopping: services.stopping }, requestText(request, peer))
  })
}

type Joined = {
  readonly socket: Duplex
  readonly head: Buffer
  readonly port: number
  readonly stopping: AbortSignal
}

/** Both sides wait for each other: neither fills the memory of this process. */
const join = ({ socket, head, port, stopping }: Joined, request: string): void => {
  const relay = connect({ host: '127.0.0.1', port, noDelay: true })
  let isJoined = false
  relay.once('connect', () => {
    isJoined = true
    relay.write(request)
    if (head.length > 0) relay.write(head)
    socket.pipe(relay)
    relay.pipe(socket)
  })
  relay.on('error', () => {
    if (isJoined) socket.destroy()
    else refuse(socket, 503)
  })
  relay.on('close', () => socket.end())
  socket.on('close', () => relay.destroy())
  // The relay tells its clients when it stops; this is for the case that it does not.
  stopping.addEventListener('abort', () => setTimeout(() => socket.destroy(), stopMs).unref(), { once: true })
}
const stopMs = 10_000

/** The request as it came, but with the client's address as this server knows it. */
const requestText = ({ method = 'GET', url = '/', rawHeaders }: IncomingMessage, peer: string): string => {
  const lines = [`${method} ${url} HTTP/1.1`]
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? ''
    if (!/^(x-forwarded-.*|forwarded|x-real-ip|cookie)$/i.test(name))
      lines.push(`${name}: ${rawHeaders[index + 1] ?? ''}`)
  }
  lines.push(`X-Forwarded-For: ${addressOf(peer)}`)
  return `${lines.join('\r\n')}\r\n\r\n`
}

/** The key of an IPv6 peer is a prefix; any address in it has the same key. */
const addressOf = (peer: string): string => peer.replace(/::\/64$/, '::1')

const refuse = (socket: Duplex, status: number): void => {
  const retry = status === 503 || status === 429 ? `retry-after: ${retryAfterSeconds}\r\n` : ''
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${retry}connection: close\r\ncontent-length: 0\r\n\r\n`,
  )
}
