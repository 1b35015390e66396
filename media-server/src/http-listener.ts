import type { Server } from 'node:http'
import type { ServerConfig } from './config.ts'
import { pause } from './platform/process/pause.ts'
import type { Clock } from './ports/clock.ts'
import { StartRefusal } from './ports/start-refusal.ts'

const drainMs = 30_000
const drainCheckMs = 50

/** Opens the port. Rejects with a StartRefusal when the port or the address cannot be used. */
export const startListening = (server: Server, config: ServerConfig): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', (error: Error & { code?: string }) => {
      reject(listenRefusals(config)[error.code ?? ''] ?? error)
    })
    server.listen({ port: config.port, host: config.host }, resolve)
  })

const listenRefusals = ({ port, host }: ServerConfig): Readonly<Record<string, StartRefusal>> => ({
  EADDRINUSE: new StartRefusal(
    `Port ${port} is taken by another program. Stop that one, or choose another port with --port.`,
  ),
  EACCES: new StartRefusal(`This user may not listen on port ${port}. Choose one above 1023 with --port.`),
  EADDRNOTAVAIL: new StartRefusal(`This machine has no address ${host}. Choose another with --host.`),
  ENOTFOUND: new StartRefusal(`There is no address for the name ${host}. Choose another with --host.`),
})

/** Aborts `stopping`, which ends event streams at once. Open requests get 30 seconds; a connection is closed as soon as it is idle. */
export const stopListening = async (
  { server, clock }: { readonly server: Server; readonly clock: Clock },
  stopping: AbortController,
): Promise<void> => {
  const closed = new AbortController()
  server.close(() => {
    closed.abort()
  })
  stopping.abort()
  const deadline = clock.now() + drainMs
  while (!closed.signal.aborted) {
    if (clock.now() < deadline) server.closeIdleConnections()
    else server.closeAllConnections()
    await pause(clock, drainCheckMs, closed.signal)
  }
}

/** The address for a browser. With port 0 the system chooses the port, so it is read from the server. */
export const urlOf = (config: ServerConfig, server: Server): string => {
  if (config.publicUrl !== undefined) return config.publicUrl.origin
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : config.port
  const isLocal = ['127.0.0.1', '::1', 'localhost', '0.0.0.0', '::'].includes(config.host)
  return `${config.tls === undefined ? 'http' : 'https'}://${isLocal ? 'localhost' : config.host}:${port}`
}
