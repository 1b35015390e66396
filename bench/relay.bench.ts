import { startRelayProcess, writeTestRelayKey, type RelayProcess } from '../sync-server/src/relay-process.testkit.ts'
import { newAccountOf, publishAccount } from '../sync-server/src/relay/test-world.testkit.ts'
import { connect, openSocket } from '../sync-server/src/test-client.testkit.ts'
import type { Account } from '@tonestead/protocol/sync/log/signed-log.testkit'
import { parseCount } from './runner/bench-options.ts'
import { joinSocket, residentBytes } from './relay/join-sockets.ts'
import { measureVerifications } from './relay/verify-speed.ts'
import { openWriters, writeAll } from './relay/write-envelopes.ts'
import { note } from './runner/note.ts'
import { quantile, row, type Row } from './runner/rows.ts'
import { runBench } from './runner/run-bench.ts'

/** design/sync.md, Levels. */
const levels = { envelopesPerSecond: 3000, bytesPerSocket: 25_000 }
const bodyBytes = 400
/** Sockets that are opened at the same time. */
const joining = 32
/** A device may have eight connections; the limits of the relay are multiplied, so this is far below. */
const socketsPerAccount = 64

/** A figure in the text of /metrics. */
const figureOf = (text: string, name: string): number =>
  Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1] ?? 0)

/** Sum and count of a histogram in the text of /metrics. */
const histogramOf = (text: string, name: string): { sum: number; count: number } => {
  return { sum: figureOf(text, `${name}_sum`), count: figureOf(text, `${name}_count`) }
}

const measureWrites = async (
  relay: RelayProcess,
  counts: { readonly writers: number; readonly envelopes: number },
): Promise<Row[]> => {
  const writers = await openWriters(relay.url, { ...counts, bodyBytes })
  const groupsOf = async () => histogramOf(await (await fetch(`${relay.origin}/metrics`)).text(), 'relay_group_items')
  const cpuOf = async () => figureOf(await (await fetch(`${relay.origin}/metrics`)).text(), 'process_cpu_seconds_total')
  const [before, cpuBefore] = [await groupsOf(), await cpuOf()]
  const { perSecond, receiptMs } = await writeAll(writers)
  const [after, cpuAfter] = [await groupsOf(), await cpuOf()]
  const verifications = await measureVerifications(5000)
  const name = `${counts.writers} writers, ${bodyBytes} bytes`
  return [
    row({
      case: name,
      metric: 'stored',
      unit: 'envelopes/s',
      better: 'higher',
      value: perSecond,
      limit: verifications,
      level: levels.envelopesPerSecond,
    }),
    row({
      case: name,
      metric: 'processor',
      unit: 'µs/envelope',
      better: 'lower',
      value: ((cpuAfter - cpuBefore) * 1e6) / (counts.writers * counts.envelopes),
    }),
    row({ case: name, metric: 'p50', unit: 'ms', better: 'lower', value: quantile(receiptMs, 0.5) }),
    row({ case: name, metric: 'p99', unit: 'ms', better: 'lower', value: quantile(receiptMs, 0.99) }),
    row({
      case: name,
      metric: 'per-fsync',
      unit: 'envelopes',
      better: 'higher',
      value: (after.sum - before.sum) / Math.max(1, after.count - before.count),
    }),
  ]
}

const measureSockets = async (relay: RelayProcess, sockets: number): Promise<Row[]> => {
  const accounts: Account[] = []
  while (accounts.length * socketsPerAccount < sockets) {
    const account = await newAccountOf('listener')
    const client = await connect({ account, open: openSocket(relay.url) })
    await publishAccount(client)
    await client.close()
    accounts.push(account)
  }
  const pid = relay.child.pid ?? 0
  const before = await residentBytes(pid)
  let opened = 0
  const began = performance.now()
  const join = async (): Promise<void> => {
    while (opened < sockets) {
      const account = accounts[opened % accounts.length]
      opened += 1
      if (account !== undefined) await joinSocket(relay.url, account)
    }
  }
  await Promise.all(Array.from({ length: joining }, join))
  const seconds = (performance.now() - began) / 1000
  const bytes = ((await residentBytes(pid)) - before) / sockets
  const name = `${sockets} joined sockets`
  return [
    row({
      case: name,
      metric: 'memory',
      unit: 'bytes/socket',
      better: 'lower',
      value: bytes,
      level: levels.bytesPerSocket,
    }),
    row({ case: name, metric: 'joined', unit: 'sockets/s', better: 'higher', value: sockets / seconds }),
  ]
}

await runBench(
  {
    name: 'relay',
    about:
      'What one relay process with SQLite does: envelopes that it verifies and stores in a second (an envelope counts when its receipt has come, which is given after the fsync), beside the Ed25519 verifications that this machine makes in a second on all cores; and the memory of a joined socket. The benchmark makes the load and needs a core of its own. An open WebSocket that is authenticated and subscribed is a joined socket.',
    options: {
      writers: { about: 'devices that write at once, each in a collection of its own', value: '8', short: '2' },
      envelopes: { about: 'envelopes of each writer', value: '2500', short: '200' },
      sockets: { about: 'joined sockets', value: '10000', short: '200' },
    },
  },
  async (run) => {
    const [writers, envelopes, sockets] = (['writers', 'envelopes', 'sockets'] as const).map((name) =>
      parseCount(name, run.options[name]),
    ) as [number, number, number]
    await writeTestRelayKey(run.folder)
    const relay = await startRelayProcess(['--open', '--limits', '1000', '--data', run.folder])
    run.onEnd(() => relay.kill())
    note(`${writers} writers with ${envelopes} envelopes each, then ${sockets} sockets`)
    run.add(...(await measureWrites(relay, { writers, envelopes })))
    run.add(...(await measureSockets(relay, sockets)))
  },
)
