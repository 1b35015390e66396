import {
  ingestEventSchema,
  ingestReportSchema,
  ingestWithdrawalSchema,
  type IngestEvent,
  type IngestItem,
  type IngestSummary,
} from '@tonestead/protocol/ingest'
import { z } from 'zod'
import type { Clock } from '../../ports/clock.ts'
import type { Log } from '../../ports/log.ts'
import type { SignedClient } from '../server/signed-client.ts'
import { createCell } from '../cell.ts'
import { eventRetryDelaysMs } from '../failures/retries.ts'
import { isUnanswered } from '../server/answer.ts'
import { readServerEvents } from './server-events.ts'
import type { IngestMonitor, IngestView } from './ingest-monitor.ts'

const mostItems = 500

/** Watches the import while a page shows it and this account is an administrator; reconnects with growing delays. */
type Deps = { readonly client: SignedClient; readonly clock: Clock; readonly log: Log }

export const createIngestMonitor = (deps: Deps): IngestMonitor => {
  const { client, clock, log } = deps
  let watching: AbortController | undefined

  const mayWatch = (): boolean => client.session.get()?.rights.includes('administer') ?? false

  const watch = async (signal: AbortSignal): Promise<void> => {
    let attempt = 0
    while (!signal.aborted) {
      attempt = (await watchOnce(deps, { view, signal })) ? 0 : attempt + 1
      if (view.get().kind === 'watching') view.set({ kind: 'offline' })
      await clock
        .after(eventRetryDelaysMs[Math.min(attempt, eventRetryDelaysMs.length - 1)] ?? 0, signal)
        .catch(onAbort)
    }
  }

  const update = (): void => {
    const isWanted = mayWatch() && view.listeners() > 0
    if (!mayWatch()) view.set({ kind: 'hidden' })
    if (isWanted === (watching !== undefined)) return
    watching?.abort()
    watching = isWanted ? new AbortController() : undefined
    if (watching !== undefined) void watch(watching.signal).catch(log.failed('the import was not watched'))
  }

  const view = createCell<IngestView>({ kind: 'hidden' }, () => update())
  client.session.subscribe(update)

  return {
    view,
    scanAgain: async () => {
      const answer = await client.request(
        { method: 'POST', path: '/api/ingest/scans', signal: AbortSignal.timeout(30_000) },
        z.unknown(),
      )
      if (answer.kind === 'ready') return 'started'
      return isUnanswered(answer) ? 'offline' : 'not-permitted'
    },
    withdrawHeld: async () => {
      const answer = await client.request(
        { method: 'POST', path: '/api/ingest/withdrawals', signal: AbortSignal.timeout(60_000) },
        ingestWithdrawalSchema,
      )
      if (answer.kind === 'ready') return { kind: 'withdrawn', files: answer.value.withdrawn }
      return { kind: isUnanswered(answer) ? 'offline' : 'not-permitted' }
    },
  }
}

/** The wait ends early when nobody watches any more. */
const onAbort = (): void => undefined

type Watch = { readonly view: { get(): IngestView; set(view: IngestView): void }; readonly signal: AbortSignal }

/** One connection: the report, then events until it breaks. True when it was made. */
const watchOnce = async ({ client, log }: Deps, { view, signal }: Watch): Promise<boolean> => {
  const stream = await client.stream({ method: 'GET', path: '/api/ingest/events', signal })
  const report = await client.request({ method: 'GET', path: '/api/ingest', signal }, ingestReportSchema)
  if (stream.kind !== 'ready' || report.kind !== 'ready') {
    view.set({ kind: stream.kind === 'problem' && !isUnanswered(stream) ? 'hidden' : 'offline' })
    return false
  }
  let state = { summary: report.value.summary, items: report.value.items as readonly IngestItem[] }
  view.set({ kind: 'watching', ...state })
  try {
    for await (const { event, data } of readServerEvents(stream.value)) {
      const parsed = ingestEventSchema.safeParse({ event, data: parseJson(data) })
      if (!parsed.success) continue
      state = applyEvent(state, parsed.data)
      view.set({ kind: 'watching', ...state })
    }
  } catch (cause) {
    // The caller connects again.
    log.failed('the connection for import events broke')(cause)
  }
  return true
}

const applyEvent = (
  state: { summary: IngestSummary; items: readonly IngestItem[] },
  event: IngestEvent,
): { summary: IngestSummary; items: readonly IngestItem[] } => {
  if (event.event === 'summary') return { ...state, summary: event.data }
  const index = state.items.findIndex((item) => item.id === event.data.id)
  const items = index < 0 ? [event.data, ...state.items].slice(0, mostItems) : state.items.with(index, event.data)
  return { ...state, items }
}

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown
  } catch {
    // An event of another version: it is skipped.
    return undefined
  }
}
