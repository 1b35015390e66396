import { Counter, Gauge, Histogram, type Registry } from 'prom-client'
import type { SearchGateway } from '../search/search-gateway.ts'

/** Metrics of search: the state of the index, and number and duration of searches. Query texts are never recorded. */
export const createSearchMetrics = (search: SearchGateway, registers: Registry[]) => {
  registerIndexGauges(search, registers)
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

const registerIndexGauges = (search: SearchGateway, registers: Registry[]): void => {
  const stateOf = () => {
    const health = search.health()
    return health.kind === 'open' ? health.state : undefined
  }
  const gauge = (name: string, help: string, value: () => number | Promise<number>): void => {
    new Gauge({
      name,
      help,
      registers,
      async collect() {
        this.set(await value())
      },
    })
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
  gauge('search_index_pending', 'Documents and removals since the index was last built', () => stateOf()?.pending ?? 0)
  gauge('search_index_lag', 'Changes of the catalog that the index has not seen', () => search.lag())
  gauge('search_index_open', '1 when searches are answered', () => (stateOf() === undefined ? 0 : 1))
  gauge('search_index_building', '1 while the index is built again', () => (stateOf()?.isBuilding === true ? 1 : 0))
  gauge('search_waiting', 'Searches and suggestions that wait for the index', () => search.waiting())
}
