import { serverInfoSchema, type ServerInfo } from '@tonestead/protocol/server-info'
import type { Clock } from '../../ports/clock.ts'
import type { HttpClient } from '../../ports/http-client.ts'
import type { ValueStore } from '../../ports/value-store.ts'
import { createCell } from '../cell.ts'
import type { Readable } from '../readable.ts'

/** What is known of the media server behind this origin. */
export type KnownServer = ServerInfo & { /** Server time minus ours. */ readonly offsetMs: number }

export type ServerConnection = {
  readonly server: Readable<KnownServer | undefined>
  readonly isOnline: Readable<boolean>
  /** As kept from an earlier visit, else as the server says now; undefined: neither. */
  known(signal: AbortSignal): Promise<KnownServer | undefined>
  /** Asks again: the claim state or the clock may have changed. */
  refresh(signal: AbortSignal): Promise<KnownServer | undefined>
  /** Every request tells here whether the server answered. */
  report(hasAnswered: boolean): void
  start(): () => void
}

const valueName = 'server'
const keptSchema = serverInfoSchema
const retryMs = 5_000

/**
 * The signing key is pinned with the server's id at first sight: the same id with another key is not believed.
 * Another id is another server (an operator began anew at this address), which TLS vouches for.
 */
export const createServerConnection = (deps: {
  http: HttpClient
  values: ValueStore
  clock: Clock
}): ServerConnection => {
  const { http, values, clock } = deps
  const server = createCell<KnownServer | undefined>(undefined)
  const isOnline = createCell(true)
  let asking: Promise<KnownServer | undefined> | undefined

  const readKept = async (): Promise<KnownServer | undefined> => {
    const kept = keptSchema.safeParse(await values.get(valueName).catch(() => undefined))
    return kept.success ? { ...kept.data, offsetMs: 0 } : undefined
  }

  const ask = async (signal: AbortSignal): Promise<KnownServer | undefined> => {
    const reply = await http.send({ method: 'GET', path: '/api/server', headers: {}, signal })
    isOnline.set(reply.kind === 'reply' && reply.status < 502)
    if (reply.kind === 'unreachable' || reply.status !== 200) return undefined
    const info = serverInfoSchema.parse(JSON.parse(await reply.text()))
    const before = server.get() ?? (await readKept())
    if (before?.id === info.id && before.signingKey.x !== info.signingKey.x)
      throw new Error('this server shows another signing key than before')
    const known = { ...info, offsetMs: info.time - clock.now() }
    server.set(known)
    void values.put(valueName, info).catch(() => undefined)
    return known
  }

  const refresh = (signal: AbortSignal): Promise<KnownServer | undefined> => {
    asking ??= ask(signal).finally(() => (asking = undefined))
    return asking
  }

  return {
    server,
    isOnline,
    known: async (signal) => {
      if (server.get() !== undefined) return server.get()
      const kept = await readKept()
      if (kept === undefined) return refresh(signal)
      if (server.get() === undefined) server.set(kept)
      return server.get()
    },
    refresh,
    report: (hasAnswered) => isOnline.set(hasAnswered),
    start: () =>
      clock.every(
        retryMs,
        () => void (!isOnline.get() && refresh(new AbortController().signal).catch(() => undefined)),
      ),
  }
}
