import { randomBytes } from 'node:crypto'
import type { Server } from 'node:http'
import { pino } from 'pino'
import type { RelayConfig } from './config.ts'
import { createMetrics } from './http/metrics.ts'
import { createRelayServer, syncPath } from './http/relay-server.ts'
import { openLogStore } from './open-log-store.ts'
import { createPassCheck } from './passes/check-pass.ts'
import { readPassKeys } from './passes/read-pass-keys.ts'
import { systemClock } from './platform/system-clock.ts'
import { StartRefusal } from './ports/start-refusal.ts'
import { createRelay } from './relay/create-relay.ts'

export type RunningRelay = {
  /** For clients. */
  readonly url: string
  readonly port: number
  /** The public key, base64url: what devices know the relay by. */
  readonly key: string
  /** Resolves when the relay cannot go on: its database thread has ended. */
  readonly failed: Promise<Error>
  /** Takes nobody new, finishes what is being stored, tells the clients, and closes. */
  readonly stop: () => Promise<void>
}

/** Clients get so long to take their last frames. */
const lastFramesMs = 2000

/** Starts one process of a relay. Throws a StartRefusal for everything that the operator can correct. */
export const startRelay = async (config: RelayConfig): Promise<RunningRelay> => {
  const logger = pino({ level: config.logLevel, base: null }, pino.destination({ fd: 2, sync: true }))
  const onFault = (fault: unknown): void => logger.error({ err: fault }, 'the relay failed at something')
  const passKeys = await readPassKeys(config.passKeys)
  const failed = Promise.withResolvers<Error>()
  const { store, key, close } = await openLogStore(config, onFault, failed.resolve)
  let isReady = true
  try {
    const metrics = createMetrics()
    const relay = await createRelay({
      store,
      key,
      metrics,
      onFault,
      clock: systemClock,
      subtle: crypto.subtle,
      random: (bytes) => new Uint8Array(randomBytes(bytes)),
      limits: config.limits,
      isOpen: config.isOpen,
      checkPass: createPassCheck({ clock: systemClock, relayKey: key.publicKey, passKeys: () => passKeys }),
    })
    const http = createRelayServer({ ...config, relay, metrics, onFault, isReady: () => isReady })
    await startListening(http.server, config)
    return {
      url: urlOf(http.server, config),
      port: portOf(http.server, config),
      key: key.publicKey.x,
      failed: failed.promise,
      stop: async () => {
        isReady = false
        http.stopAccepting()
        await relay.drain()
        await closedWithin(http.server, lastFramesMs)
        http.cut()
        await close()
      },
    }
  } catch (error) {
    await close()
    throw error
  }
}

const startListening = (server: Server, { port, host }: RelayConfig): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', (error: Error & { code?: string }) => {
      reject(
        error.code === 'EADDRINUSE'
          ? new StartRefusal(`Port ${port} is taken by another program. Choose another port with --port.`, {
              cause: error,
            })
          : new StartRefusal(`This machine cannot listen on ${host}, port ${port}: ${error.message}`, { cause: error }),
      )
    })
    server.listen({ port, host }, resolve)
  })

/** Resolves when all connections are closed, or after so many milliseconds. */
const closedWithin = async (server: Server, ms: number): Promise<void> => {
  const stopped = new AbortController()
  server.once('close', () => stopped.abort())
  if (!server.listening && (await connectionsOf(server)) === 0) return
  await systemClock.after(ms, stopped.signal).catch((error: unknown) => {
    if (!stopped.signal.aborted) throw error
  })
}

const connectionsOf = (server: Server): Promise<number> =>
  new Promise((resolve, reject) => {
    server.getConnections((error, count) => (error === null ? resolve(count) : reject(error)))
  })

/** With port 0 the system chooses the port, so it is read from the server. */
const portOf = (server: Server, { port }: RelayConfig): number => {
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : port
}

const urlOf = (server: Server, config: RelayConfig): string => {
  const { host } = config
  const name = ['127.0.0.1', '::1', '0.0.0.0', '::'].includes(host) ? 'localhost' : host
  return `ws://${name}:${portOf(server, config)}${syncPath}`
}
