import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { SourceStore } from '../ports/source-store.ts'
import type { SearchGateway } from '../search/search-gateway.ts'

/** Figures of one server, for /metrics. Routes are named by their pattern, never by a path that holds an id or a capability. */
export const createMetrics = ({
  sources,
  search,
}: {
  readonly sources: SourceStore
  readonly search: SearchGateway
}) => {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const registers = [registry]
  const buckets = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5]
  const duration = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time to answer, by route and code',
    labelNames: ['route', 'code'],
    buckets,
    registers,
  })
  const inFlight = new Gauge({ name: 'http_requests_in_flight', help: 'Requests being answered', registers })
  const chunkBytes = new Counter({ name: 'chunk_bytes_sent_total', help: 'Bytes of chunks sent', registers })
  const files = new Counter({
    name: 'immutable_requests_total',
    help: 'Requests for chunks and covers, by kind and code',
    labelNames: ['kind', 'code'],
    registers,
  })
  const licenses = new Counter({
    name: 'license_keys_total',
    help: 'Content keys asked for, by outcome',
    labelNames: ['outcome'],
    registers,
  })
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
  const searching = searchMetrics(search, registers)
  const sent = { chunk: countersOf(files, 'chunk'), cover: countersOf(files, 'cover') }
  return {
    duration,
    inFlight,
    licenses,
    search: searching,
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

/** Of queries nothing is kept but how many there were and how long they took. */
const searchMetrics = (search: SearchGateway, registers: Registry[]) => {
  const stateOf = () => {
    const health = search.health()
    return health.kind === 'open' ? health.state : undefined
  }
  new Gauge({
    name: 'search_index_documents',
    help: 'Documents in the search index, by kind',
    labelNames: ['kind'],
    registers,
    collect() {
      for (const [kind, count] of Object.entries(stateOf()?.documents ?? {})) this.set({ kind }, count)
    },
  })
  new Gauge({
    name: 'search_index_pending',
    help: 'Documents and removals since the index was last built',
    registers,
    collect() {
      this.set(stateOf()?.pending ?? 0)
    },
  })
  new Gauge({
    name: 'search_index_lag',
    help: 'Changes of the catalog that the index has not seen',
    registers,
    async collect() {
      this.set(await search.lag())
    },
  })
  new Gauge({
    name: 'search_index_open',
    help: '1 when searches are answered',
    registers,
    collect() {
      this.set(stateOf() === undefined ? 0 : 1)
    },
  })
  new Gauge({
    name: 'search_index_building',
    help: '1 while the index is built anew',
    registers,
    collect() {
      this.set(stateOf()?.isBuilding === true ? 1 : 0)
    },
  })
  new Gauge({
    name: 'search_waiting',
    help: 'Searches and suggestions that wait for the index',
    registers,
    collect() {
      this.set(search.waiting())
    },
  })
  return {
    seconds: new Histogram({
      name: 'search_seconds',
      help: 'Time to answer a search or suggestion, waiting included',
      labelNames: ['call'],
      buckets: [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 2],
      registers,
    }),
    calls: new Counter({
      name: 'search_calls_total',
      help: 'Searches and suggestions, by outcome',
      labelNames: ['call', 'outcome'],
      registers,
    }),
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
