import type { IngestEvent, IngestItem, IngestSummary } from '@tonestead/protocol/ingest'
import { readScrubState } from '../scrub/scrubber.ts'
import type { HttpServices } from './http-services.ts'

type FeedDeps = Pick<HttpServices, 'sources' | 'objects' | 'scrubStates' | 'ingest' | 'clock' | 'logger' | 'stopping'>
type Listener = (event: IngestEvent) => void

/** Free space is rounded down to this, so that small differences cause no events. */
const freeStepBytes = 64 * 1024 * 1024
const pollMs = 700
/** The store lists refused and running files first: only those change. */
const watchedItems = 60

export const ingestSummary = async (
  deps: Pick<FeedDeps, 'sources' | 'objects' | 'scrubStates' | 'ingest' | 'stopping'>,
): Promise<IngestSummary> => {
  const [counts, freeBytes, { findings }] = await Promise.all([
    deps.sources.summary(),
    deps.objects.freeBytes(deps.stopping),
    readScrubState(deps.scrubStates),
  ])
  return {
    ...counts,
    beingRepaired: findings.filter(({ isQueued }) => isQueued).length,
    lost: findings.filter(({ isQueued }) => !isQueued).length,
    estimatedBytes: deps.ingest.estimatedBytes(),
    freeBytes: Math.floor(freeBytes / freeStepBytes) * freeStepBytes,
  }
}

/** Polls the store once for all streams, and only while there are any. Each stream gets only what has changed for it. */
export const createIngestFeed = (deps: FeedDeps) => {
  /** The value is what the listener got last, by item. */
  const listeners = new Map<Listener, Map<string, string>>()
  let watched: readonly IngestItem[] = []
  let isPolling = false

  const poll = async (): Promise<void> => {
    const [summary, { items }] = await Promise.all([ingestSummary(deps), deps.sources.items({ limit: watchedItems })])
    const shown = new Set(items.map((item) => item.id))
    const noLongerShown = await Promise.all(
      watched.filter((item) => !shown.has(item.id)).map((item) => deps.sources.item(item.id)),
    )
    watched = items
    const changed = [...noLongerShown, ...items].filter((item) => item !== undefined)
    const events: IngestEvent[] = [
      { event: 'summary', data: summary },
      ...changed.map((item) => ({ event: 'item' as const, data: item })),
    ]
    for (const [listener, sent] of listeners) sendChanged(listener, sent, events)
  }
  const pollWhileListenedTo = async (): Promise<void> => {
    isPolling = true
    try {
      while (listeners.size > 0 && !deps.stopping.aborted) {
        await poll()
        await deps.clock.after(pollMs, deps.stopping)
      }
    } catch (error) {
      if (!deps.stopping.aborted) deps.logger.error({ err: error }, 'the ingest feed stopped')
    } finally {
      isPolling = false
    }
  }
  return {
    /** Returns the function that unsubscribes. */
    subscribe: (listener: Listener): (() => void) => {
      listeners.set(listener, new Map())
      if (!isPolling) void pollWhileListenedTo()
      return () => listeners.delete(listener)
    },
  }
}

const sendChanged = (listener: Listener, sent: Map<string, string>, events: readonly IngestEvent[]): void => {
  for (const event of events) {
    const key = event.event === 'summary' ? event.event : event.data.id
    const text = JSON.stringify(event.data)
    if (sent.get(key) === text) continue
    sent.set(key, text)
    listener(event)
  }
}
