import { readdir, readFile } from 'node:fs/promises'
import { ingestReportSchema } from '@tonestead/protocol/ingest'
import { claimCodeOf, createDevice } from '../../harness/device.ts'
import { freePort, startServer } from '../../harness/server-process.ts'
import type { BenchRun } from '../runner/run-bench.ts'
import type { Cost } from './bare-ffmpeg.ts'

/** Clock ticks a second of the times in /proc (`getconf CLK_TCK`). */
const ticksPerSecond = 100
const longestMs = 30 * 60_000

export type IngestCost = Cost & {
  /** As the server names it. */
  readonly transcoder: string
  /** Until every track had its first rendition. */
  readonly playableSeconds: number
  /** CPU time until the server was ready; not part of `cpuSeconds`. */
  readonly startCpuSeconds: number
}

/** Starts a server on a folder of music and waits until every rendition of every track is published. */
export const measureIngest = async (
  run: Pick<BenchRun, 'onEnd'>,
  options: {
    readonly music: string
    readonly data: string
    readonly tracks: number
    readonly workers: number
    readonly environment: Record<string, string>
  },
): Promise<IngestCost> => {
  const server = await startServer({
    data: options.data,
    port: await freePort(),
    args: ['--no-demo', '--workers', String(options.workers), options.music],
    environment: options.environment,
  })
  run.onEnd(() => server.stop())
  const began = performance.now()
  const elapsed = (): number => (performance.now() - began) / 1000
  const startCpuSeconds = await cpuOfGroup(server.child.pid ?? 0)
  const device = await createDevice(server.origin, await claimCodeOf(server))
  const ready = (await (await fetch(`${server.origin}/readyz`)).json()) as { transcoder?: unknown }
  let playableSeconds = Number.NaN
  for (;;) {
    const { summary } = ingestReportSchema.parse(await (await device.request('GET', '/api/ingest?limit=1')).json())
    if (Number.isNaN(playableSeconds) && summary.playable + summary.complete >= options.tracks)
      playableSeconds = elapsed()
    if (summary.complete >= options.tracks) break
    if (summary.refused > 0) throw new Error('the server refused a track')
    if (elapsed() * 1000 > longestMs) throw new Error('the tracks were not complete after half an hour')
    await new Promise((resolve) => setTimeout(resolve, 250))
  }
  const wallSeconds = elapsed()
  const cpuSeconds = (await cpuOfGroup(server.child.pid ?? 0)) - startCpuSeconds
  await server.stop()
  return {
    wallSeconds,
    cpuSeconds,
    startCpuSeconds,
    playableSeconds,
    transcoder: JSON.stringify(ready.transcoder ?? ''),
  }
}

/** User and system time of a process group with all children that have ended, in seconds: proc(5), fields 14 to 17. */
const cpuOfGroup = async (group: number): Promise<number> => {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  // A process that has ended meanwhile has no file.
  const stats = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')))
  const ticks = stats
    .map((stat) => stat.slice(stat.lastIndexOf(')') + 2).split(' '))
    .filter((fields) => Number(fields[2]) === group)
    .reduce((sum, fields) => sum + [11, 12, 13, 14].reduce((own, index) => own + Number(fields[index]), 0), 0)
  return ticks / ticksPerSecond
}
