import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { parentPort, workerData } from 'node:worker_threads'
import { makeClient, makeDevice } from '../../media-server/src/http/device.testkit.ts'
import type { Felt, Listener } from './listener.client.ts'
import { call, type Answer } from './raw-client.ts'

/** Not the address of the floods. Linux has all of 127.0.0.0/8 on its loopback interface. */
const from = '127.0.0.2'
const betweenChunksMs = 25
const betweenCallsMs = 300
const betweenMemoryMs = 100
/** After a flood, before the last reading of the memory. */
const restMs = 1000

const { origin, chunk, pid } = workerData as Listener
if (parentPort === null) throw new Error('this program runs in a thread of the campaign')
const port = parentPort

const memoryMegabytes = async (): Promise<number> =>
  Number(/VmRSS:\s+(\d+)/.exec(await readFile(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024

const quantile = (times: readonly number[], share: number): number =>
  times.toSorted((a, b) => a - b)[Math.min(times.length - 1, Math.floor(times.length * share))] ?? Number.NaN

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** Plays and browses as one listener does, until `over` aborts. */
const listen = async (client: Awaited<ReturnType<typeof makeClient>>, over: AbortSignal): Promise<Felt> => {
  const errors: string[] = []
  const memoryBefore = await memoryMegabytes()
  let memoryPeak = memoryBefore
  const timed = async (times: number[], name: string, send: () => Promise<Answer>): Promise<void> => {
    const began = performance.now()
    const { status, text } = await send()
    times.push(performance.now() - began)
    if (status !== 200) errors.push(`${name}: ${status} ${text.slice(0, 120)}`)
  }
  const every = async (ms: number, act: () => Promise<void>): Promise<void> => {
    while (!over.aborted) {
      await act()
      await pause(ms)
    }
  }
  const get = (path: string, headers: Record<string, string> = {}): Promise<Answer> =>
    call({ origin, method: 'GET', path, headers, from })
  const [chunkTimes, apiTimes]: [number[], number[]] = [[], []]
  const signed = (name: string, path: string): Promise<void> =>
    timed(apiTimes, name, async () => get(path, await client.credentials('GET', path)))
  await Promise.all([
    every(betweenChunksMs, () => timed(chunkTimes, 'chunk', () => get(`/chunks/${chunk}`))),
    every(betweenCallsMs, () => signed('releases', '/api/releases')),
    every(betweenCallsMs, () => signed('search', '/api/search?q=shown')),
    every(betweenMemoryMs, async () => {
      memoryPeak = Math.max(memoryPeak, await memoryMegabytes())
    }),
  ])
  await pause(restMs)
  return {
    chunks: chunkTimes.length,
    p99Ms: quantile(chunkTimes, 0.99),
    slowestMs: Math.max(...chunkTimes),
    apiP99Ms: quantile(apiTimes, 0.99),
    errors,
    memoryBefore,
    memoryPeak,
    memoryAfter: await memoryMegabytes(),
  }
}

const client = await makeClient(origin, await makeDevice())
// Opens the session, before the floods use up what the address of the campaign may do.
await client.credentials('GET', '/api/releases')
port.postMessage('ready')
for (;;) {
  await once(port, 'message')
  const over = new AbortController()
  const felt = listen(client, over.signal)
  await once(port, 'message')
  over.abort()
  port.postMessage(await felt)
}
