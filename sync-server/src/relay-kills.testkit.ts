import { setTimeout as wait } from 'node:timers/promises'
import type { MemoryLog } from '@tonestead/protocol/sync/log/memory-log'
import type { Account, Device } from '@tonestead/protocol/sync/log/signed-log.testkit'
import type { CollectionId, ItemId } from '@tonestead/protocol/sync/sync-ids'
import { startRelayProcess, writeTestRelayKey, type RelayProcess } from './relay-process.testkit.ts'
import { mustAppend, newAccountOf, newDeviceOf, publishAccount, readTo } from './relay/test-world.testkit.ts'
import { connect, nonceOf, openSocket, type TestClient } from './test-client.testkit.ts'

// kill -9 of the relay while eight devices write: whatever got a receipt must be in the log at its place after the restart.

const writers = 8

type Writer = {
  readonly device: Device
  readonly logs: Map<CollectionId, MemoryLog>
  /** What got a receipt: its place. */
  readonly receipted: Map<ItemId, number>
}

export type KillReport = {
  readonly runs: number
  readonly receipts: number
  /** Items whose receipt came and that are gone or elsewhere. */
  readonly lost: number
  /** Where a device found the relay to contradict itself. */
  readonly faults: readonly string[]
}

/** Runs it on an empty data folder. `random`: numbers from 0 to 1, which choose the moments. */
export const runRelayKills = async (options: {
  readonly dataFolder: string
  readonly runs: number
  readonly random: () => number
  readonly args?: readonly string[]
  readonly onRun?: (report: KillReport) => void
}): Promise<KillReport> => {
  await writeTestRelayKey(options.dataFolder)
  const args = ['--open', '--limits', '1000', '--data', options.dataFolder, ...(options.args ?? [])]
  const account = await newAccountOf('Ada')
  let relay = await startRelayProcess(args)
  try {
    const { collection, all } = await prepare(relay, account)
    let report: KillReport = { runs: 0, receipts: 0, lost: 0, faults: [] }
    while (report.runs < options.runs) {
      const run = await writeUntilKilled(relay, { account, collection, all }, options.random)
      relay = await startRelayProcess(args)
      const found = await compare(relay, { account, collection, all })
      report = {
        runs: report.runs + 1,
        receipts: report.receipts + run.receipts,
        lost: report.lost + found.lost,
        faults: [...report.faults, ...run.faults, ...found.faults],
      }
      options.onRun?.(report)
    }
    return report
  } finally {
    await relay.kill()
  }
}

type World = { readonly account: Account; readonly collection: CollectionId; readonly all: readonly Writer[] }

const prepare = async (relay: RelayProcess, account: Account) => {
  const first = await connect({ account, open: openSocket(relay.url) })
  const collection = await publishAccount(first)
  const all: Writer[] = [{ device: account.device, logs: new Map(), receipted: new Map() }]
  while (all.length < writers) {
    const device = await newDeviceOf('writer')
    await mustAppend(
      first,
      await account.change({ kind: 'device-added', device: device.public, joinBox: true }, account.device),
    )
    all.push({ device, logs: new Map(), receipted: new Map() })
  }
  await first.close()
  return { collection, all }
}

const writeUntilKilled = async (relay: RelayProcess, { account, collection, all }: World, random: () => number) => {
  const clients = await Promise.all(
    all.map((writer) => connect({ account, open: openSocket(relay.url), device: writer.device, logs: writer.logs })),
  )
  const before = all.reduce((sum, { receipted }) => sum + receipted.size, 0)
  for (const client of clients) client.subscribe(collection)
  await Promise.all(clients.map((client) => readNewest(client, collection)))
  const writing = clients.map((client, index) => keepWriting(client, collection, all[index]!))
  // At least one receipt first, so that no run is empty.
  while (all.reduce((sum, { receipted }) => sum + receipted.size, 0) === before) await wait(1)
  await wait(random() * 200)
  await relay.kill()
  await Promise.all(writing)
  await Promise.all(clients.map((client) => client.settled()))
  const receipts = all.reduce((sum, { receipted }) => sum + receipted.size, 0) - before
  return { receipts, faults: clients.flatMap(({ faults }) => faults) }
}

/** One after the other, until the relay is gone. */
const keepWriting = async (client: TestClient, collection: CollectionId, { receipted }: Writer): Promise<void> => {
  const one = async (): Promise<void> => {
    const envelope = await client.envelope(collection)
    const outcome = await client.append(envelope)
    if (outcome.kind === 'appended') receipted.set(envelope.id, outcome.seq)
    else if (outcome.isFinal) client.faults.push(`refused: ${outcome.reason}`)
  }
  try {
    while (!client.isClosed()) await one()
  } catch (error) {
    if (!client.isClosed()) throw error
  }
}

const readNewest = async (client: TestClient, collection: CollectionId): Promise<void> => {
  const from = client.messages.length
  client.send({ kind: 'head', collection, nonce: nonceOf() })
  const { receipt } = await client.until(client.isKind('head'), from)
  await readTo(client, collection, receipt.seq)
}

/** Every device reads on, checks chain and receipts against what it had, and looks for each of its receipts. */
const compare = async (relay: RelayProcess, { account, collection, all }: World) => {
  const found = await Promise.all(
    all.map(async ({ device, logs, receipted }) => {
      const client = await connect({ account, open: openSocket(relay.url), device, logs })
      client.subscribe(collection)
      await readNewest(client, collection)
      const log = client.logOf(collection)
      const lost = [...receipted].filter(([id, seq]) => log.seqOf(id) !== seq).length
      await client.close()
      return { lost, faults: client.faults }
    }),
  )
  return { lost: found.reduce((sum, { lost }) => sum + lost, 0), faults: found.flatMap(({ faults }) => faults) }
}
