import { readFileSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { freePort, startServer } from '../../harness/server-process.ts'
import { until } from '../../harness/until.ts'
import type { BenchRun } from '../runner/run-bench.ts'
import type { EngineOutcome, EngineReport } from './run-engine.ts'
import { kindsWithLevel } from './search-levels.ts'
import { timeQueries } from './time-queries.ts'
import type { SearchTask } from './write-search-task.ts'

type Limits = { readonly mostMs: number; readonly rounds: number }

/**
 * The media server as `npm start` runs it, over one connection at a time, without an account. Its catalog is empty and the stored index is that of the
 * benchmark: a search does not read the catalog. Has to come before the search thread is measured, which changes the stored index.
 */
export const measureHttpSearch = async (
  run: Pick<BenchRun, 'onEnd'>,
  task: SearchTask,
  { mostMs, rounds }: Limits,
): Promise<EngineOutcome> => {
  const server = await startServer({
    data: task.data,
    port: await freePort(),
    args: ['--no-demo', '--request-limits', '1000'],
  })
  run.onEnd(() => server.stop())
  const clients = createClients()
  const reports: EngineReport[] = []
  const sendFigure = (name: string, figure: { metric: string; unit: string; value: number }): void =>
    void reports.push({ kind: 'figure', name, ...figure })
  try {
    let bytes = 0
    let answers = 0
    const search = async (text: string): Promise<{ status: number }> => {
      const response = await get(clients.agent(), `${server.origin}/api/search?q=${encodeURIComponent(text)}`)
      // 503: the index is not open yet.
      if (response.status !== 200 && response.status !== 503)
        throw new Error(`the search for "${text}" had the status ${response.status}`)
      bytes += response.size
      answers += 1
      return response
    }
    await until('the search of the server is open', async () => (await search('a')).status === 200, 60_000)
    for await (const times of timeQueries(task, kindsWithLevel, { search, isRight: () => false, mostMs, rounds }))
      reports.push({ kind: 'times', via: 'over HTTP', times: { ...times, isRight: [] } })
    sendFigure('answer over HTTP', { metric: 'mean size', unit: 'kB', value: bytes / answers / 1000 })
    const memory = residentMegabytes(server.child.pid)
    if (memory !== undefined) sendFigure('whole media server', { metric: 'memory', unit: 'MB', value: memory })
    return { reports, failure: undefined }
  } catch (error) {
    return { reports, failure: error instanceof Error ? error.message : String(error) }
  } finally {
    clients.close()
    await server.stop()
  }
}

const get = (agent: Agent, address: string): Promise<{ status: number; size: number }> =>
  new Promise((resolve, reject) => {
    const sent = request(address, { agent, headers: { 'accept-encoding': 'gzip, br' } }, (response) => {
      let size = 0
      response.on('data', (data: Buffer) => void (size += data.length))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, size }))
      response.on('error', reject)
    })
    sent.on('error', reject)
    sent.end()
  })

/** Undefined where the system has no /proc. */
const residentMegabytes = (pid: number | undefined): number | undefined => {
  try {
    return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1000
  } catch {
    return undefined
  }
}

/** The server allows 600 requests at once from one address: after 500 the requests come from another loopback address, over a new connection. */
const createClients = () => {
  let agent: Agent | undefined
  let count = 0
  return {
    agent: (): Agent => {
      if (count % 500 === 0) {
        agent?.destroy()
        agent = new Agent({
          keepAlive: true,
          maxSockets: 1,
          localAddress: `127.0.${1 + Math.floor(count / 125_000)}.${1 + (Math.floor(count / 500) % 250)}`,
        })
      }
      count += 1
      return agent ?? new Agent()
    },
    close: () => agent?.destroy(),
  }
}
