import { join } from 'node:path'
import { signingJwkSchema, type SigningJwk } from '@tonestead/protocol/device-log'
import type { Logger } from 'pino'
import { z } from 'zod'
import type { ServerConfig } from './config.ts'
import { superviseProcess } from './platform/process/supervise-process.ts'
import type { Clock } from './ports/clock.ts'

const listeningSchema = z.object({
  kind: z.literal('listening'),
  port: z.number().int(),
  key: signingJwkSchema.shape.x,
})

export type RelayProcess = {
  /** Where it listens on this machine; undefined while it does not. */
  readonly port: () => number | undefined
  /** Its public key, also while it is being started again; undefined before it listened once. */
  readonly key: () => SigningJwk | undefined
  readonly stop: () => Promise<void>
}

const noRelay: RelayProcess = { port: () => undefined, key: () => undefined, stop: () => Promise.resolve() }

type RelayProcessDeps = {
  readonly config: Pick<ServerConfig, 'relayProgram' | 'dataFolder' | 'logLevel'>
  /** Accounts with a pass signed by this key may use the relay. */
  readonly signingKey: SigningJwk
  readonly clock: Clock
  readonly logger: Logger
}

/** Runs the relay in a process of its own on a private port; it is started again when it ends. Without a program there is none. */
export const startRelayProcess = ({ config, signingKey, clock, logger }: RelayProcessDeps): RelayProcess => {
  if (config.relayProgram === undefined) return noRelay
  let port: number | undefined
  let key: SigningJwk | undefined
  const child = superviseProcess({
    program: config.relayProgram,
    args: relayArguments(config.dataFolder, signingKey),
    ports: {},
    startMessage: { kind: 'start' },
    stopMessage: { kind: 'stop' },
    clock,
    onMessage: (message) => {
      const parsed = listeningSchema.safeParse(message)
      if (!parsed.success) return void logger.warn({ err: parsed.error }, 'the relay sent an unknown message')
      port = parsed.data.port
      key = { kty: 'OKP', crv: 'Ed25519', x: parsed.data.key }
    },
    onEnd: (reason) => {
      port = undefined
      logger.error(`the relay stopped and is started again: ${reason}`)
    },
    onError: (error) => {
      logger.warn({ err: error }, 'a message to the relay was not delivered')
    },
  })
  return {
    port: () => port,
    key: () => key,
    stop: async () => {
      port = undefined
      await child.stop()
    },
  }
}

const relayArguments = (dataFolder: string, signingKey: SigningJwk): readonly string[] => [
  ...['--data', join(dataFolder, 'relay')],
  ...['--port', '0', '--behind-proxy'],
  ...['--pass-key', JSON.stringify(signingKey)],
]
