import { execFileSync, spawn } from 'node:child_process'
import { readdir, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { freePort, startServer, untilPublished } from '../harness/server-process.ts'
import { temporaryFolder } from '../harness/temporary-folder.ts'
import { loadWith, type LoadResult } from './http-load.ts'
import { median, note, printRows, row, type Row } from './rows.ts'

// How many chunks a second the media server hands out on one core, beside nginx with one worker on the same files. Three rounds, medians.

const requests = 12_000
const rounds = 3

const has = (program: string): boolean => {
  try {
    execFileSync('sh', ['-c', `command -v ${program}`], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

/** nginx in the foreground of this bench, with the object folder mapped to the same addresses. */
const startNginx = async (folder: string, objects: string): Promise<{ port: number; stop: () => Promise<void> }> => {
  const port = await freePort()
  const config = join(folder, 'nginx.conf')
  await writeFile(
    config,
    `daemon off; worker_processes 1; pid ${folder}/nginx.pid; error_log stderr crit; user root;
     events { worker_connections 512; }
     http { access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000; open_file_cache max=10000;
       server { listen 127.0.0.1:${port}; default_type application/octet-stream;
         location ~ ^/chunks/(..)(..)(.+)$ { alias ${objects}/$1/$2/$1$2$3; etag on; add_header Cache-Control "public, max-age=31536000, immutable"; } } }`,
  )
  const child = spawn('nginx', ['-c', config, '-p', folder], { stdio: ['ignore', 'ignore', 'inherit'] })
  const ended = new Promise<void>((resolve) => child.on('close', () => resolve()))
  await new Promise((resolve) => setTimeout(resolve, 500))
  return {
    port,
    stop: () => {
      child.kill('SIGTERM')
      return ended
    },
  }
}

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

const measure = async (port: number, paths: readonly string[], headers = ''): Promise<LoadResult[]> => {
  await loadWith({ port, paths, connections: 32, requests: 2000, headers })
  const results: LoadResult[] = []
  for (let round = 0; round < rounds; round += 1)
    results.push(await loadWith({ port, paths, connections: 32, requests, headers }))
  return results
}

const compare = (name: string, ours: readonly LoadResult[], theirs: readonly LoadResult[] | undefined): Row[] => {
  const peer = (pick: (result: LoadResult) => number): { peer: string; peerValue: number } | object =>
    theirs === undefined ? {} : { peer: 'nginx', peerValue: median(theirs.map(pick)) }
  const failures = ours.reduce((sum, result) => sum + result.failures, 0)
  if (failures > 0) note(`${name}: ${failures} answers were not 200 or 206`)
  return [
    row({
      case: name,
      metric: 'throughput',
      unit: 'requests/s',
      better: 'higher',
      value: median(ours.map((result) => result.perSecond)),
      ...peer((result) => result.perSecond),
    }),
    row({
      case: name,
      metric: 'p99',
      unit: 'ms',
      better: 'lower',
      value: median(ours.map((result) => result.p99Ms)),
      ...peer((result) => result.p99Ms),
    }),
  ]
}

const main = async (): Promise<void> => {
  await using folder = await temporaryFolder('bench-chunks')
  const server = await startServer({ data: join(folder.path, 'data'), port: await freePort() })
  try {
    await untilPublished(server.origin, { releases: 1, tracks: 4 })
    await new Promise((resolve) => setTimeout(resolve, 15_000))
    const objects = join(folder.path, 'data', 'objects')
    const sizes = await chunkSizes(objects)
    const chunks = [...sizes].filter(([, size]) => size > 15_000 && size < 120_000).map(([id]) => `/chunks/${id}`)
    note(
      `${chunks.length} chunks, 32 connections, ${requests} requests a round, ${rounds} rounds, load generator on the other core`,
    )
    const nginx = has('nginx') ? await startNginx(folder.path, objects) : undefined
    if (nginx === undefined) note('nginx is not here: no peer')
    const port = Number(new URL(server.origin).port)
    const rows = [
      ...compare('whole chunks', await measure(port, chunks), nginx && (await measure(nginx.port, chunks))),
      ...compare(
        'ranges of 16 KiB',
        await measure(port, chunks, 'Range: bytes=0-16383\r\n'),
        nginx && (await measure(nginx.port, chunks, 'Range: bytes=0-16383\r\n')),
      ),
    ]
    await nginx?.stop()
    printRows(rows)
  } finally {
    await server.stop()
  }
}

await main()
