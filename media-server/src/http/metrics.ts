import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { SourceStore } from '../ports/source-store.ts'

/** Figures of one server, for /metrics. Routes are named by their pattern, never by a path that holds an id or a capability. */
export const createMetrics = (sources: SourceStore) => {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const registers = [registry]
  const buckets = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5]
  const duration = new Histogram({ name: 'http_request_duration_seconds', help: 'Time to answer, by route and code', labelNames: ['route', 'code'], buckets, registers })
  const inFlight = new Gauge({ name: 'http_requests_in_flight', help: 'Requests being answered', registers })
  const chunkBytes = new Counter({ name: 'chunk_bytes_sent_total', help: 'Bytes of chunks sent', registers })
  const files = new Counter({ name: 'immutable_requests_total', help: 'Requests for chunks and covers, by kind and code', labelNames: ['kind', 'code'], registers })
  const licenses = new Counter({ name: 'license_keys_total', help: 'Content keys asked for, by outcome', labelNames: ['outcome'], registers })
  new Gauge({
    name: 'ingest_jobs',
    help: 'Source files by state',
    labelNames: ['state'],
    registers,
    async collect() {
      const { found, ...states } = await sources.summary()
      this.set({ state: 'found' }, found)
      for (const [state, count] of Object.entries(states)) this.set({ state }, count)
    },
  })
  const sent = { chunk: countersOf(files, 'chunk'), cover: countersOf(files, 'cover') }
  return {
    duration,
    inFlight,
    licenses,
    chunkSent: (status: number, sizeBytes: number): void => {
      sent.chunk(status).inc()
      chunkBytes.inc(sizeBytes)
    },
    coverSent: (status: number): void => {
      sent.cover(status).inc()
    },
    text: () => registry.metrics(),
    contentType: registry.contentType,
  }
}
/** The counter of each code, found once: chunks are too many to look labels up each time. */
const countersOf = (files: Counter<'kind' | 'code'>, kind: string) => {
  const known = new Map<number, Counter.Internal>()
  return (status: number): Counter.Internal => {
    const counter = known.get(status) ?? files.labels(kind, String(status))
    known.set(status, counter)
    return counter
  }
}

export type Metrics = ReturnType<typeof createMetrics>
