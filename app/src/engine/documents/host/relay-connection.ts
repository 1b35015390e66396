import type { SigningJwk } from '@tonestead/protocol/device-log'
import { writeClientFrame } from '@tonestead/protocol/sync/frame'
import type { Clock } from '../../../ports/clock.ts'
import type { PassAnswer } from '../../../ports/documents/documents-worker.ts'
import type { OpenRelaySocket, RelaySocket } from '../../../ports/documents/relay-socket.ts'
import type { Log } from '../../../ports/log.ts'
import type { Random } from '../../../ports/random.ts'
import { relayRetryDelaysMs } from '../../failures/retries.ts'
import type { Replica } from '../../replica/replica.ts'

/** A connection that says nothing for two pings is dead: a phone that changed its network notices it in no other way. */
const pingEveryMs = 30_000
/** A connection that was open so long has not failed: the next one begins with the shortest delay again. */
const steadyMs = 10_000

export type RelayConnection = {
  /** The network is back, or the account has other rights: tries at once. */
  readonly connectNow: () => void
  readonly isOpen: () => boolean
  readonly stop: () => void
}

type Dependencies = {
  readonly openSocket: OpenRelaySocket
  readonly replica: Pick<Replica, 'openLink'>
  readonly relay: SigningJwk
  readonly deviceLog: readonly string[]
  readonly requestPass: () => Promise<PassAnswer>
  /** Is there something for which no pass is needed: a shared collection of others, or an invitation to one? */
  readonly isGuestWanted: () => boolean
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  /** It was opened or closed. */
  readonly onChange: () => void
}

/**
 * [DO8] Keeps one connection to the relay. Without a pass there is none until `connectNow` is called: a visitor would ask in vain for ever. [DO17] Whom somebody has
 * invited connects without one.
 */
export const keepRelayConnection = (deps: Dependencies): RelayConnection => {
  const stopping = new AbortController()
  let isOpen = false
  let wake = new AbortController()
  let leaveGuest: (() => void) | undefined
  const connectNow = (): void => {
    wake.abort()
    leaveGuest?.()
  }
  const setOpen = (next: boolean): void => {
    isOpen = next
    deps.onChange()
  }
  const keep = async (): Promise<void> => {
    for (let failures = 0; !stopping.signal.aborted;) {
      wake = new AbortController()
      const outcome = await connectOnce(deps, stopping.signal, {
        setOpen,
        setGuest: (leave) => void (leaveGuest = leave),
      })
      failures = outcome === 'steady' ? 0 : failures + 1
      if (outcome === 'refused') await aborted(AbortSignal.any([wake.signal, stopping.signal]))
      else await pause(deps, failures, AbortSignal.any([wake.signal, stopping.signal]))
    }
  }
  void keep().catch(deps.log.failed('the connection to the relay is not kept any more'))
  return { connectNow, isOpen: () => isOpen, stop: () => stopping.abort() }
}

type Outcome = 'refused' | 'failed' | 'steady'

type Told = {
  readonly setOpen: (isOpen: boolean) => void
  /** Ends a connection without a pass: the account may have got a right meanwhile. */
  readonly setGuest: (leave: (() => void) | undefined) => void
}

/** Resolves when the connection has ended. */
const connectOnce = async (deps: Dependencies, signal: AbortSignal, { setOpen, setGuest }: Told): Promise<Outcome> => {
  const answer = await deps.requestPass()
  if (signal.aborted || answer.kind === 'unavailable') return 'failed'
  if (answer.kind === 'refused' && !deps.isGuestWanted()) return 'refused'
  let openedMs: number | undefined
  const connection = openLink(deps, answer.kind === 'granted' ? answer.pass : undefined, () => {
    openedMs = deps.clock.elapsedMs()
    setOpen(true)
  })
  if (answer.kind === 'refused') setGuest(connection.close)
  signal.addEventListener('abort', connection.close, { once: true })
  await connection.closed
  setGuest(undefined)
  signal.removeEventListener('abort', connection.close)
  setOpen(false)
  return deps.clock.elapsedMs() - (openedMs ?? Infinity) >= steadyMs ? 'steady' : 'failed'
}

type OpenLink = { readonly closed: Promise<undefined>; readonly close: () => void }

const openLink = (
  { openSocket, replica, relay, deviceLog, clock }: Dependencies,
  pass: string | undefined,
  onOpen: () => void,
): OpenLink => {
  const { promise: closed, resolve } = Promise.withResolvers<undefined>()
  const open: { socket: RelaySocket | undefined } = { socket: undefined }
  let hasHeard = true
  const close = (): void => open.socket?.close()
  const link = replica.openLink({
    kind: 'relay',
    key: relay,
    credentials: { deviceLog: [...deviceLog], ...(pass === undefined ? {} : { pass }) },
    send: (frame) => open.socket?.send(frame),
    close,
  })
  const stopPings = clock.every(pingEveryMs, () => {
    if (!hasHeard) return void close()
    hasHeard = false
    open.socket?.send(writeClientFrame({ kind: 'ping' }))
  })
  open.socket = openSocket({
    onOpen,
    onFrame: (frame) => {
      hasHeard = true
      link.receive(frame)
    },
    onClosed: () => {
      stopPings()
      link.closed()
      resolve(undefined)
    },
  })
  return { closed, close }
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve()
    signal.addEventListener('abort', () => resolve(), { once: true })
  })

/** Longer after every failure. A part of it is random: all devices lose a relay that restarts at the same time. */
const pause = async ({ clock, random }: Dependencies, failures: number, signal: AbortSignal): Promise<void> => {
  const longest = relayRetryDelaysMs[Math.min(failures, relayRetryDelaysMs.length - 1)] ?? 0
  // It rejects when somebody wants the connection now.
  await clock.after(longest / 2 + random.below(Math.ceil(longest / 2)), signal).catch(() => undefined)
}
