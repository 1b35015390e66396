import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { SourceStore } from '../ports/source-store.ts'
import type { SearchGateway } from '../search/search-gateway.ts'
import { createSearchMetrics } from './search-metrics.ts'

export type MetricsDeps = { readonly sources: SourceStore; readonly search: SearchGateway }

/** The metrics of one server, for /metrics. A route is labelled with its pattern, never with a path, which may contain an id or a capability. */
export const createMetrics = ({ sources, search }: MetricsDeps) => {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const registers = [registry]
  registerIngestGauge(sources, registers)
  return {
    ...createHttpMetrics(registers),
    ...createFileMetrics(registers),
    licenses: new Counter({
      name: 'license_keys_total',
      help: 'Content keys asked for, by outcome',
      labelNames: ['outcome'],
      registers,
    }),
    refused: new Counter({
      name: 'refused_total',
      help: 'Requests that were refused: which limit was reached or which problem was answered, by class of the route',
      labelNames: ['reason', 'class'],
      registers,
    }),
    search: createSearchMetrics(search, registers),
    text: () => registry.metrics(),
    contentType: registry.contentType,
  }
}

const createHttpMetrics = (registers: Registry[]) => ({
  duration: new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time to answer, by route and code',
    labelNames: ['route', 'code'],
    buckets: [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5],
    registers,
  }),
  inFlight: new Gauge({ name: 'http_requests_in_flight', help: 'Requests being answered', registers }),
})

/** Chunks and covers. */
const createFileMetrics = (registers: Registry[]) => {
  const chunkBytes = new Counter({ name: 'chunk_bytes_sent_total', help: 'Bytes of chunks sent', registers })
  const files = new Counter({
    name: 'immutable_requests_total',
    help: 'Requests for chunks and covers, by kind and code',
    labelNames: ['kind', 'code'],
    registers,
  })
  const chunks = countersByStatus(files, 'chunk')
  const covers = countersByStatus(files, 'cover')
  return {
    chunkSent: (status: number, sizeBytes: number): void => {
      chunks(status).inc()
      chunkBytes.inc(sizeBytes)
    },
    coverSent: (status: number): void => {
      covers(status).inc()
    },
  }
}

const registerIngestGauge = (sources: SourceStore, registers: Registry[]): void => {
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
}

/** Looks the labels up once for each status: chunks are too many to do it for each request. */
const countersByStatus = (files: Counter<'kind' | 'code'>, kind: string) => {
  const counters = new Map<number, Counter.Internal>()
  return (status: number): Counter.Internal => {
    const counter = counters.get(status) ?? files.labels(kind, String(status))
    counters.set(status, counter)
    return counter
  }
}

export type Metrics = ReturnType<typeof createMetrics>
