import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import { maxFrameBytes } from '@tonestead/protocol/sync/sync-limits'
import { WebSocketServer, type WebSocket } from 'ws'
import type { Relay } from '../relay/create-relay.ts'
import { createConcurrencyLimit, type RelayLimits } from '../relay/relay-limits.ts'
import { keepAlive } from './keep-alive.ts'
import type { ProcessMetrics } from './metrics.ts'
import { isLocalRequest, peerOf } from './peer-address.ts'
import { createSocketLink } from './socket-link.ts'

/** The one path of the relay's WebSocket. */
export const syncPath = '/sync'

export type RelayServerDeps = {
  readonly relay: Relay
  readonly limits: RelayLimits
  readonly metrics: ProcessMetrics
  /** Origins of pages that may connect, besides pages of the host itself; `*`: any. */
  readonly origins: readonly string[]
  /** A proxy on this machine carries the connections of many clients. */
  readonly isProxied: boolean
  readonly isReady: () => boolean
  readonly onFault: (fault: unknown) => void
}

export type RelayServer = {
  readonly server: Server
  /** Takes no new connection. */
  readonly stopAccepting: () => void
  /** Cuts off whoever is still connected. */
  readonly cut: () => void
}

/** HTTP in front of a relay: the WebSocket, health checks and metrics. */
export const createRelayServer = (deps: RelayServerDeps): RelayServer => {
  const sockets = new Set<WebSocket>()
  const webSockets = new WebSocketServer({
    noServer: true,
    maxPayload: maxFrameBytes,
    perMessageDeflate: false,
    clientTracking: false,
  })
  const server = createServer(
    { maxHeaderSize: 8192, headersTimeout: 10_000, requestTimeout: 30_000 },
    (request, response) => {
      answer(deps, request, response).catch((fault: unknown) => {
        deps.onFault(fault)
        response.destroy()
      })
    },
  )
  const admit = createAdmission(deps, sockets)
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const admitted = admit(request)
    if (admitted.kind === 'refused') return void refuseUpgrade(deps, socket, admitted.status)
    socket.once('close', admitted.leave)
    webSockets.handleUpgrade(request, socket, head, (opened) => {
      serveSocket(deps, { opened, peer: admitted.peer, sockets })
    })
  })
  const alive = keepAlive(sockets, deps.metrics.closed)
  deps.metrics.watch({ sockets: () => sockets.size, waiting: deps.relay.waiting })
  return {
    server,
    stopAccepting: () => {
      server.close()
      alive.stop()
    },
    cut: () => {
      for (const socket of sockets) socket.terminate()
      server.closeAllConnections()
    },
  }
}

const serveSocket = (
  deps: RelayServerDeps,
  { opened, peer, sockets }: { readonly opened: WebSocket; readonly peer: string; readonly sockets: Set<WebSocket> },
): void => {
  sockets.add(opened)
  const connection = deps.relay.connect(createSocketLink(opened, peer, deps.metrics.closed))
  opened.on('message', (data: Buffer, isBinary: boolean) => {
    if (isBinary) connection.receive(new Uint8Array(data))
    else opened.close(4400, 'binary frames only')
  })
  // A broken frame or a reset connection; `close` follows.
  opened.on('error', (error: Error & { code?: string }) => deps.metrics.closed(error.code ?? 'error'))
  opened.on('close', () => {
    sockets.delete(opened)
    connection.closed()
  })
}

type Admitted =
  | { readonly kind: 'admitted'; readonly peer: string; readonly leave: () => void }
  | { readonly kind: 'refused'; readonly status: 403 | 404 | 429 | 503 }

/** [RC13] Checks an upgrade before it costs anything: path, origin, and how many connections its peer and this process have. */
const createAdmission = (deps: RelayServerDeps, sockets: ReadonlySet<WebSocket>) => {
  const enter = createConcurrencyLimit(deps.limits.connections.peer)
  return (request: IncomingMessage): Admitted => {
    if ((request.url ?? '').split('?', 1)[0] !== syncPath) return { kind: 'refused', status: 404 }
    if (!isOriginAllowed(deps.origins, request)) return { kind: 'refused', status: 403 }
    if (!deps.isReady() || sockets.size >= deps.limits.connections.process) return { kind: 'refused', status: 503 }
    const peer = peerOf(request, deps.isProxied)
    if (!deps.relay.admits(peer)) return { kind: 'refused', status: 429 }
    const leave = enter(peer)
    return leave === false ? { kind: 'refused', status: 429 } : { kind: 'admitted', peer, leave }
  }
}

/** A page proves nothing by its origin, and needs none: devices sign. The list keeps other people's pages from using their visitors' connections. */
const isOriginAllowed = (origins: readonly string[], { headers }: IncomingMessage): boolean => {
  const { origin, host } = headers
  if (origin === undefined || origins.includes('*') || origins.includes(origin)) return true
  return URL.canParse(origin) && new URL(origin).host === host?.toLowerCase()
}

const refuseUpgrade = ({ metrics }: RelayServerDeps, socket: Duplex, status: 403 | 404 | 429 | 503): void => {
  metrics.closed(`upgrade-${status}`)
  socket.on('error', () => socket.destroy())
  const retry = status === 429 || status === 503 ? 'retry-after: 5\r\n' : ''
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${retry}connection: close\r\ncontent-length: 0\r\n\r\n`,
  )
}

const answer = async (deps: RelayServerDeps, request: IncomingMessage, response: ServerResponse): Promise<void> => {
  const send = (status: number, body: string, type = 'text/plain; charset=utf-8'): void => {
    response.writeHead(status, {
      'content-type': type,
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    })
    response.end(body)
  }
  const path = (request.url ?? '').split('?', 1)[0]
  if (request.method !== 'GET') return void send(405, 'GET only')
  if (path === '/livez') return void send(200, 'alive')
  if (path === '/readyz') return deps.isReady() ? void send(200, 'ready') : void send(503, 'not ready')
  // Of this machine only: what a relay counts says how busy its people are.
  if (path === '/metrics' && isLocalRequest(request))
    return void send(200, await deps.metrics.text(), deps.metrics.contentType)
  if (path === syncPath) return void send(426, 'This is the WebSocket of a Tonestead relay.')
  return void send(404, 'There is nothing here.')
}
