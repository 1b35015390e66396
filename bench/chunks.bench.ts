import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { claimCodeOf, createDevice } from '../harness/device.ts'
import { freePort, startServer } from '../harness/server-process.ts'
import { until } from '../harness/until.ts'
import { ingestReportSchema } from '@tonestead/protocol/ingest'
import { runLoad, type LoadResult } from './chunks/http-load.ts'
import { startNginx } from './chunks/start-nginx.ts'
import { parseCount } from './runner/bench-options.ts'
import { note } from './runner/note.ts'
import { median, row, type Row } from './runner/rows.ts'
import { runBench } from './runner/run-bench.ts'

const connections = 32
const demoTracks = 4

const chunkSizes = async (objects: string): Promise<Map<string, number>> => {
  const files = (await readdir(objects, { recursive: true, withFileTypes: true })).filter(
    (entry) => entry.isFile() && /^[0-9a-f]{64}$/.test(entry.name),
  )
  return new Map(
    await Promise.all(
      files.map(async (file) => [file.name, (await stat(join(file.parentPath, file.name))).size] as const),
    ),
  )
}

type Plan = { readonly paths: readonly string[]; readonly requests: number; readonly rounds: number }

const measure = async (port: number, { paths, requests, rounds }: Plan, headers: string): Promise<LoadResult[]> => {
  await runLoad({ port, paths, connections, requests: Math.min(2000, requests), headers })
  const results: LoadResult[] = []
  for (let round = 0; round < rounds; round += 1)
    results.push(await runLoad({ port, paths, connections, requests, headers }))
  return results
}

const rowsOf = (name: string, ours: readonly LoadResult[], theirs: readonly LoadResult[] | undefined): Row[] => {
  const peer = (pick: (result: LoadResult) => number): { peer: string; peerValue: number } | object =>
    theirs === undefined ? {} : { peer: 'nginx', peerValue: median(theirs.map(pick)) }
  const failures = ours.reduce((sum, result) => sum + result.failures, 0)
  if (failures > 0) throw new Error(`${name}: ${failures} responses did not have the status 200 or 206`)
  const perSecond = (result: LoadResult): number => result.perSecond
  const p99Ms = (result: LoadResult): number => result.p99Ms
  return [
    row({
      case: name,
      metric: 'throughput',
      unit: 'requests/s',
      better: 'higher',
      value: median(ours.map(perSecond)),
      ...peer(perSecond),
    }),
    row({ case: name, metric: 'p99', unit: 'ms', better: 'lower', value: median(ours.map(p99Ms)), ...peer(p99Ms) }),
  ]
}

await runBench(
  {
    name: 'chunks',
    about:
      'How many chunks a second the media server sends from one core, compared with nginx with one worker on the same files. The benchmark itself makes the load and needs a core of its own. Medians of the rounds.',
    options: {
      requests: { about: 'requests in each round', value: '12000', short: '2000' },
      rounds: { about: 'rounds', value: '3', short: '1' },
    },
    peerTools: ['nginx'],
  },
  async (run) => {
    const [requests, rounds] = [parseCount('requests', run.options.requests), parseCount('rounds', run.options.rounds)]
    const data = join(run.folder, 'data')
    const server = await startServer({ data, port: await freePort(), args: ['--request-limits', '1000'] })
    run.onEnd(() => server.stop())
    const device = await createDevice(server.origin, await claimCodeOf(server))
    // From then on the server encodes nothing, and the object folder does not change.
    await until('every rendition of the demo album is published', async () => {
      const response = await device.request('GET', '/api/ingest?limit=1')
      return ingestReportSchema.parse(await response.json()).summary.complete >= demoTracks
    })
    const objects = join(data, 'objects')
    const sizes = await chunkSizes(objects)
    // Segments of AAC; FLAC is larger, heads and tails are smaller.
    const paths = [...sizes].filter(([, size]) => size > 15_000 && size < 120_000).map(([id]) => `/chunks/${id}`)
    note(`${paths.length} chunks, ${connections} connections, ${rounds} rounds of ${requests} requests`)
    const program = run.tools.nginx
    const nginx = program === undefined ? undefined : await startNginx({ program, folder: run.folder, objects })
    if (nginx !== undefined) run.onEnd(nginx.stop)
    const port = Number(new URL(server.origin).port)
    const plan = { paths, requests, rounds }
    for (const [name, headers] of [
      ['whole chunks', ''],
      ['ranges of 16 KiB', 'Range: bytes=0-16383\r\n'],
    ] as const) {
      const ours = await measure(port, plan, headers)
      run.add(...rowsOf(name, ours, nginx && (await measure(nginx.port, plan, headers))))
    }
  },
)
