import { relayPassAnswerSchema } from '@tonestead/protocol/relay-pass'
import type { SigningJwk } from '@tonestead/protocol/device-log'
import type { Clock } from '../../../ports/clock.ts'
import type { DocumentsWorker, PassAnswer } from '../../../ports/documents/documents-worker.ts'
import type { Log } from '../../../ports/log.ts'
import { workerRestartDelaysMs } from '../../failures/retries.ts'
import type { SignedClient } from '../../server/signed-client.ts'
import type { ServerConnection } from '../../server/server-connection.ts'
import type { LogEntry } from '../../../ports/log.ts'

const passLimitMs = 30_000
/** [DO14] The worker is asked this often whether it is there. */
export const pingEveryMs = 10_000
/** It may be busy for some seconds, for example with a large import on a slow phone: only one that leaves so many questions without an answer hangs. */
export const mostUnanswered = 6

type Dependencies = {
  readonly startWorker: () => DocumentsWorker
  readonly server: ServerConnection
  readonly client: SignedClient
  readonly clock: Clock
  readonly log: Log
  readonly receiveLog: (entry: LogEntry) => void
  /** The worker cannot run in this browser, as it seems. It is tried again. */
  readonly onBroken: () => void
}

/** [DO5] What the leading tab does: it runs the worker, and starts it again when it breaks. The result ends it. */
export const leadWithWorker = (deps: Dependencies): (() => void) => {
  const ending = new AbortController()
  const run = async (): Promise<void> => {
    for (let failures = 0; ; failures += 1) {
      const outcome = await runWorker(deps, ending.signal)
      if (ending.signal.aborted) return
      deps.log.warn('the worker of the documents has ended', { failures })
      if (outcome === 'broken') deps.onBroken()
      const delayMs = workerRestartDelaysMs[Math.min(failures, workerRestartDelaysMs.length - 1)] ?? 0
      await deps.clock.after(delayMs, ending.signal)
    }
  }
  void run().catch(deps.log.failed('the worker of the documents was not started'))
  return () => ending.abort()
}

/** `failed`: it has told the tabs why. `broken`: it could not. */
type Outcome = 'failed' | 'broken' | 'stopped'

/** Resolves when the worker ends or `signal` aborts. */
const runWorker = async (deps: Dependencies, signal: AbortSignal): Promise<Outcome> => {
  const { server, client, receiveLog } = deps
  const worker = deps.startWorker()
  const stopped = new AbortController()
  const { promise: ended, resolve } = Promise.withResolvers<Outcome>()
  worker.onBroken(() => resolve('broken'))
  signal.addEventListener('abort', () => resolve('stopped'), { once: true })
  const heard = watchForSilence(deps, { worker, signal: stopped.signal, onSilent: () => resolve('broken') })
  worker.onMessage((message) => {
    heard()
    if (message.kind === 'failed') return void resolve('failed')
    if (message.kind === 'pong') return
    if (message.kind === 'log') return void receiveLog(message.entry)
    void requestPass(deps, message.relay).then((answer) => worker.post({ kind: 'pass', id: message.id, answer }))
  })
  const connect = (): void => worker.post({ kind: 'connect' })
  const stops = [
    server.server.subscribe(() => tellHome(deps, worker)),
    server.isOnline.subscribe(() => server.isOnline.get() && connect()),
    // A session says which rights the account has now.
    client.session.subscribe(connect),
  ]
  void findHome(deps, worker, signal).catch(deps.log.failed('the relay of this address is not known'))
  const outcome = await ended
  stopped.abort()
  for (const stop of stops) stop()
  worker.stop()
  return outcome
}

type Watch = { readonly worker: DocumentsWorker; readonly signal: AbortSignal; readonly onSilent: () => void }

/**
 * [DO14] A worker that hangs throws nothing. Questions are counted, not time: a tab that was asleep has asked none meanwhile. The result is called when the worker
 * says something.
 */
const watchForSilence = ({ clock, log }: Dependencies, { worker, signal, onSilent }: Watch): (() => void) => {
  let unanswered = 0
  const watch = async (): Promise<void> => {
    while (unanswered < mostUnanswered) {
      unanswered += 1
      worker.post({ kind: 'ping' })
      await clock.after(pingEveryMs, signal)
    }
    log.warn('the worker of the documents does not answer', { unanswered })
    onSilent()
  }
  void watch().catch((cause: unknown) => {
    if (!signal.aborted) log.failed('the worker of the documents is not watched')(cause)
  })
  return () => void (unanswered = 0)
}

const tellHome = ({ server }: Dependencies, worker: DocumentsWorker): void => {
  const relay = server.server.get()?.relay
  if (relay !== undefined) worker.post({ kind: 'home', relay })
}

/** A server that was saved by an earlier version, or before its relay ran, is asked again. */
const findHome = async (deps: Dependencies, worker: DocumentsWorker, signal: AbortSignal): Promise<void> => {
  const known = await deps.server.known(signal)
  if (known?.relay !== undefined) return void tellHome(deps, worker)
  const fresh = await deps.server.refresh(signal)
  if (fresh?.relay === undefined) worker.post({ kind: 'home', relay: undefined })
}

const requestPass = async ({ client, log }: Dependencies, relay: SigningJwk): Promise<PassAnswer> => {
  // Only accounts with a right get a pass. A new session connects again.
  if (client.session.get()?.rights.length === 0) return { kind: 'refused' }
  const signal = AbortSignal.timeout(passLimitMs)
  const request = { method: 'POST', path: '/api/relay-passes', body: { relay: relay.x }, signal } as const
  const answer = await client.request(request, relayPassAnswerSchema).catch(log.failed('no pass was given'))
  if (answer?.kind === 'ready') return { kind: 'granted', pass: answer.value.pass }
  const isRefused = answer?.kind === 'problem' && ['not-permitted', 'device-removed'].includes(answer.code)
  return { kind: isRefused ? 'refused' : 'unavailable' }
}
