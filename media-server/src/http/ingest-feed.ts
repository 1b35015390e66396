import type { IngestEvent, IngestItem, IngestSummary } from '@tonestead/protocol/ingest'
import type { HttpServices } from './http-services.ts'

type FeedDeps = Pick<HttpServices, 'sources' | 'objects' | 'ingest' | 'clock' | 'logger' | 'stopping'>
type Listener = (event: IngestEvent) => void

/** Finer than this the free room is no news. */
const freeStepBytes = 64 * 1024 * 1024
const lookEveryMs = 700
/** The store names refused files and those at work first; these are what changes. */
const watchedItems = 60

export const ingestSummary = async (
  deps: Pick<FeedDeps, 'sources' | 'objects' | 'ingest' | 'stopping'>,
): Promise<IngestSummary> => {
  const [counts, freeBytes] = await Promise.all([deps.sources.summary(), deps.objects.freeBytes(deps.stopping)])
  return {
    ...counts,
    estimatedBytes: deps.ingest.estimatedBytes(),
    freeBytes: Math.floor(freeBytes / freeStepBytes) * freeStepBytes,
  }
}

/** One look at the store serves all streams, and only while there are any. Each stream is told what it does not know yet. */
export const createIngestFeed = (deps: FeedDeps) => {
  const listeners = new Map<Listener, Map<string, string>>()
  let watched: readonly IngestItem[] = []
  let isLooking = false

  const look = async (): Promise<void> => {
    const [summary, { items }] = await Promise.all([ingestSummary(deps), deps.sources.items({ limit: watchedItems })])
    const shown = new Set(items.map((item) => item.id))
    const left = await Promise.all(
      watched.filter((item) => !shown.has(item.id)).map((item) => deps.sources.item(item.id)),
    )
    watched = items
    const events: IngestEvent[] = [
      { event: 'summary', data: summary },
      ...[...left, ...items].flatMap((item) => (item === undefined ? [] : [{ event: 'item' as const, data: item }])),
    ]
    for (const [listener, told] of listeners) tellNews(listener, told, events)
  }
  const keepLooking = async (): Promise<void> => {
    isLooking = true
    try {
      while (listeners.size > 0 && !deps.stopping.aborted) {
        await look()
        await deps.clock.after(lookEveryMs, deps.stopping)
      }
    } catch (error) {
      if (!deps.stopping.aborted) deps.logger.error({ err: error }, 'the ingest feed stopped')
    } finally {
      isLooking = false
    }
  }
  return {
    /** Returns the unsubscribe. */
    subscribe: (listener: Listener): (() => void) => {
      listeners.set(listener, new Map())
      if (!isLooking) void keepLooking()
      return () => listeners.delete(listener)
    },
  }
}

/** `told`: by item, what this stream heard last. */
const tellNews = (listener: Listener, told: Map<string, string>, events: readonly IngestEvent[]): void => {
  for (const event of events) {
    const key = event.event === 'summary' ? event.event : event.data.id
    const text = JSON.stringify(event.data)
    if (told.get(key) === text) continue
    told.set(key, text)
    listener(event)
  }
}
