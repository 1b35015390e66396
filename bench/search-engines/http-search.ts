import { Agent, request } from 'node:http'
import { readFileSync } from 'node:fs'
import { freePort, startServer } from '../../harness/server-process.ts'
import { askAll } from './ask-queries.ts'
import { levelKinds } from './level-kinds.ts'
import type { Outcome, Report } from './measured-child.ts'
import type { Task } from './write-catalog.ts'

const getText = (agent: Agent, origin: string, path: string): Promise<{ status: number; size: number }> =>
  new Promise((resolve, reject) => {
    const asked = request(`${origin}${path}`, { agent, headers: { 'accept-encoding': 'gzip, br' } }, (response) => {
      let size = 0
      response.on('data', (data: Buffer) => void (size += data.length))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, size }))
      response.on('error', reject)
    })
    asked.on('error', reject)
    asked.end()
  })

/** Resident memory of a process in MB; undefined where the system does not tell. */
const residentOf = (pid: number | undefined): number | undefined => {
  try {
    return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1000
  } catch {
    return undefined
  }
}

const untilOpen = async (ask: (text: string) => Promise<{ status: number }>): Promise<void> => {
  for (let attempt = 0; attempt < 600; attempt += 1) {
    if ((await ask('a')).status === 200) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error('after a minute the search of the server was not open')
}

/** The server grants an address 600 requests at once: after 500 we come from another one of this machine, over a new connection. */
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

/**
 * The media server as it is started by `npm start`, asked over one connection at a time and without rights. Its catalog is empty and its kept index
 * is the bench's: the search never looks into the catalog. Before the search thread is measured, which takes that index for its own.
 */
export const measureHttp = async (
  task: Task,
  { mostMs, rounds }: { readonly mostMs: number; readonly rounds: number },
): Promise<Outcome> => {
  const server = await startServer({ data: task.data, port: await freePort(), args: ['--no-demo'] })
  const clients = createClients()
  const reports: Report[] = []
  try {
    let bytes = 0
    let answers = 0
    const ask = async (text: string): Promise<{ status: number }> => {
      const answer = await getText(clients.agent(), server.origin, `/api/search?q=${encodeURIComponent(text)}`)
      if (answer.status !== 200 && answer.status !== 503)
        throw new Error(`the search answered ${answer.status} to "${text}"`)
      bytes += answer.size
      answers += 1
      return answer
    }
    await untilOpen(ask)
    for await (const asked of askAll(task, levelKinds, { ask, isRight: () => false, mostMs, rounds }))
      reports.push({ kind: 'asked', via: 'over HTTP', asked: { ...asked, isRight: [] } })
    reports.push({
      kind: 'figure',
      name: 'answer over HTTP',
      metric: 'mean size',
      unit: 'kB',
      value: bytes / answers / 1000,
    })
    const memory = residentOf(server.child.pid)
    if (memory !== undefined)
      reports.push({ kind: 'figure', name: 'whole media server', metric: 'memory', unit: 'MB', value: memory })
    return { reports, failure: undefined }
  } catch (error) {
    return { reports, failure: error instanceof Error ? error.message : String(error) }
  } finally {
    clients.close()
    await server.stop()
  }
}
