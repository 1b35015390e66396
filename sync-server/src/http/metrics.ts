import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { RelayMetrics } from '../ports/relay-metrics.ts'

type MetricsText = { readonly text: () => Promise<string>; readonly contentType: string }
export type ProcessMetrics = RelayMetrics &
  MetricsText & {
    /** Where the gauges read: open sockets, and items that wait to be stored. */
    readonly watch: (source: { readonly sockets: () => number; readonly waiting: () => number }) => void
  }

/** The metrics of one process, for /metrics. Labels never name an account, a device or a collection. */
export const createMetrics = (): ProcessMetrics => {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const registers = [registry]
  const count = <Label extends string>(name: string, help: string, labelNames: readonly Label[]): Counter<Label> =>
    new Counter({ name, help, labelNames: [...labelNames], registers })
  const items = count('relay_items_total', 'Items received, by kind and outcome', ['kind', 'outcome'])
  const frames = count('relay_frames_total', 'Frames of clients, by kind', ['kind'])
  const closed = count('relay_closed_total', 'Connections that the relay closed, by reason', ['reason'])
  const delayed = count('relay_delayed_total', 'Times that a client had to wait, by limit', ['limit'])
  const dropped = count('relay_dropped_total', 'Frames left out for readers that are behind, by kind', ['kind'])
  const group = new Histogram({
    name: 'relay_group_items',
    help: 'Items stored by one fsync',
    buckets: [1, 2, 4, 8, 16, 32, 64, 128, 256, 512],
    registers,
  })
  const commit = new Histogram({
    name: 'relay_commit_seconds',
    help: 'Time until a group is durable',
    buckets: [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 1, 5],
    registers,
  })
  return {
    item: (kind, outcome) => items.inc({ kind, outcome }),
    group: (size, milliseconds) => {
      group.observe(size)
      commit.observe(milliseconds / 1000)
    },
    frame: (kind) => frames.inc({ kind }),
    closed: (reason) => closed.inc({ reason }),
    delayed: (limit) => delayed.inc({ limit }),
    dropped: (kind) => dropped.inc({ kind }),
    watch: ({ sockets, waiting }) => {
      gauge(registers, { name: 'relay_sockets', help: 'Open sockets', read: sockets })
      gauge(registers, { name: 'relay_items_waiting', help: 'Items that wait to be stored', read: waiting })
    },
    text: () => registry.metrics(),
    contentType: registry.contentType,
  }
}

type Read = { readonly name: string; readonly help: string; readonly read: () => number }

const gauge = (registers: Registry[], { name, help, read }: Read): void => {
  new Gauge({
    name,
    help,
    registers,
    collect() {
      this.set(read())
    },
  })
}
