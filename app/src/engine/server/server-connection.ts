import { serverInfoSchema, type ServerInfo } from '@tonestead/protocol/server-info'
import type { Clock } from '../../ports/clock.ts'
import type { HttpClient } from '../../ports/http-client.ts'
import type { Log } from '../../ports/log.ts'
import type { ValueStore } from '../../ports/value-store.ts'
import { createCell } from '../cell.ts'
import { reconnectEveryMs } from '../failures/retries.ts'
import type { Readable } from '../readable.ts'

/** The media server of this origin, as far as it is known. */
export type KnownServer = ServerInfo & { /** Server time minus ours. */ readonly offsetMs: number }

export type ServerConnection = {
  readonly server: Readable<KnownServer | undefined>
  readonly isOnline: Readable<boolean>
  /** As saved by an earlier visit, else as the server says now; undefined: neither. */
  known(signal: AbortSignal): Promise<KnownServer | undefined>
  /** Requests it anew: the claim state or the clock may have changed. */
  refresh(signal: AbortSignal): Promise<KnownServer | undefined>
  /** Every request reports here whether the server answered. */
  report(hasAnswered: boolean): void
  /** The browser went online or offline. */
  onNetworkChange(isOnline: boolean): void
  start(): () => void
}

const valueName = 'server'
const refreshLimitMs = 10_000

/**
 * The signing key is pinned to the server's id at first use: the same id with another key is refused.
 * Another id is another server (an operator set up a new one at this address); TLS proves that it owns the address.
 */
export const createServerConnection = (deps: {
  http: HttpClient
  values: ValueStore
  clock: Clock
  log: Log
}): ServerConnection => {
  const { http, values, clock, log } = deps
  const server = createCell<KnownServer | undefined>(undefined)
  const isOnline = createCell(true)
  let refreshing: Promise<KnownServer | undefined> | undefined

  const readSaved = async (): Promise<KnownServer | undefined> => {
    const saved = serverInfoSchema.safeParse(
      await values.get(valueName).catch(log.failed('the saved server was not read')),
    )
    return saved.success ? { ...saved.data, offsetMs: 0 } : undefined
  }

  const request = async (signal: AbortSignal): Promise<KnownServer | undefined> => {
    const reply = await http.send({ method: 'GET', path: '/api/server', headers: {}, signal })
    isOnline.set(reply.kind === 'reply' && reply.status < 502)
    if (reply.kind === 'unreachable' || reply.status !== 200) return undefined
    const info = serverInfoSchema.parse(JSON.parse(await reply.text()))
    const before = server.get() ?? (await readSaved())
    if (before?.id === info.id && before.signingKey.x !== info.signingKey.x)
      throw new Error('this server shows another signing key than before')
    const known = { ...info, offsetMs: info.time - clock.now() }
    server.set(known)
    void values.put(valueName, info).catch(log.failed('the server was not saved'))
    return known
  }

  const refresh = (signal: AbortSignal): Promise<KnownServer | undefined> => {
    refreshing ??= request(signal).finally(() => (refreshing = undefined))
    return refreshing
  }

  return {
    server,
    isOnline,
    known: async (signal) => {
      if (server.get() !== undefined) return server.get()
      const saved = await readSaved()
      if (saved === undefined) return refresh(signal)
      if (server.get() === undefined) server.set(saved)
      return server.get()
    },
    refresh,
    report: (hasAnswered) => isOnline.set(hasAnswered),
    onNetworkChange: (hasNetwork) => {
      if (!hasNetwork) return void isOnline.set(false)
      void refresh(AbortSignal.timeout(refreshLimitMs)).catch(log.failed('the server was not reached'))
    },
    start: () =>
      clock.every(
        reconnectEveryMs,
        () =>
          void (
            !isOnline.get() && refresh(new AbortController().signal).catch(log.failed('the server was not reached'))
          ),
      ),
  }
}
