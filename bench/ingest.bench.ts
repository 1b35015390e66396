import { spawn } from 'node:child_process'
import { mkdir, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { claimCodeOf, createDevice } from '../harness/device.ts'
import { makeSound, writeWav } from '../harness/sound.ts'
import { freePort, startServer } from '../harness/server-process.ts'
import { temporaryFolder } from '../harness/temporary-folder.ts'
import { note, printRows, row, type Row } from './rows.ts'
import { ingestReportSchema } from '@tonestead/protocol/ingest'

// A folder of tracks from the first look to every rendition published, beside bare ffmpeg doing the same encodes of the same files, one
// process a track and as many at a time as there are workers. The throughput of ffmpeg is the limit; 90 % of it is asked for.
// The loudness that the product needs as well has a peer of its own: the same ffmpeg with ebur128 and true peak. CPU time, of the whole process
// tree, is told beside wall time, as the one that other work on the machine moves less; starting the server is counted by itself.
//   npm run bench -- ingest [--tracks 10] [--seconds 60] [--workers 1,2] [--tools ffmpeg,node-av]

const option = (name: string, fallback: string): string =>
  process.argv.includes(name) ? (process.argv[process.argv.indexOf(name) + 1] ?? fallback) : fallback
const trackCount = Number(option('--tracks', '10'))
const secondsEach = Number(option('--seconds', '60'))
const workerCounts = option('--workers', '1,2').split(',').map(Number)
const toolNames = option('--tools', 'ffmpeg,node-av').split(',')
const ticksPerSecond = 100

type Cost = { readonly wallSeconds: number; readonly cpuSeconds: number }

const encodes = ['-map', '0:a:0', '-c:a', 'aac', '-aac_coder', 'fast', '-ar', '48000', '-ac', '2', '-threads', '1']

type Peer = { readonly folder: string; readonly isMeasured: boolean }

const bareArguments = (source: string, target: string, isMeasured: boolean): string[] => [
  ...['-nostdin', '-nostats', '-v', 'info', '-benchmark', '-y', '-i', source],
  ...['64k', '128k', '256k'].flatMap((rate) => [...encodes, '-b:a', rate, '-f', 'adts', `${target}-${rate}.aac`]),
  ...['-map', '0:a:0', '-c:a', 'flac', '-frame_size', '4096', '-threads', '1', `${target}.flac`],
  ...(isMeasured ? ['-map', '0:a:0', '-af', 'ebur128=peak=true:framelog=verbose', '-f', 'null', '-'] : []),
]

/** One process; `-benchmark` prints what it used. */
const encodeOnce = (args: readonly string[]): Promise<number> =>
  new Promise((resolve, reject) => {
    const child = spawn('ffmpeg', args, { stdio: ['ignore', 'ignore', 'pipe'] })
    let printed = ''
    child.stderr.on('data', (data: Buffer) => void (printed += data.toString()))
    child.on('error', reject)
    child.on('close', (code) => {
      const [, user = '0', system = '0'] = /utime=([\d.]+)s stime=([\d.]+)s/.exec(printed) ?? []
      if (code === 0) resolve(Number(user) + Number(system))
      else reject(new Error(printed.slice(-500)))
    })
  })

const bare = async (sources: readonly string[], { folder, isMeasured }: Peer, workers: number): Promise<Cost> => {
  await mkdir(folder, { recursive: true })
  const began = performance.now()
  const waiting = [...sources.entries()]
  let cpuSeconds = 0
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift())
      cpuSeconds += await encodeOnce(bareArguments(next[1], join(folder, String(next[0])), isMeasured))
  }
  await Promise.all(Array.from({ length: workers }, work))
  return { wallSeconds: (performance.now() - began) / 1000, cpuSeconds }
}

/** User and system time of a process group, with all children that have ended (proc(5), fields 14 to 17). */
const cpuOfGroup = async (group: number): Promise<number> => {
  const all = await Promise.all(
    (await readdir('/proc'))
      .filter((name) => /^\d+$/.test(name))
      .map((pid) => readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')),
  )
  const fields = all
    .map((stat) => stat.slice(stat.lastIndexOf(')') + 2).split(' '))
    .filter((stat) => Number(stat[2]) === group)
  return (
    fields.reduce((sum, stat) => sum + [11, 12, 13, 14].reduce((ticks, index) => ticks + Number(stat[index]), 0), 0) /
    ticksPerSecond
  )
}

const ours = async (run: {
  music: string
  data: string
  workers: number
  environment: Record<string, string>
}): Promise<Cost & { tool: string; firstSeconds: number; startCpuSeconds: number }> => {
  const server = await startServer({
    data: run.data,
    port: await freePort(),
    args: ['--no-demo', '--workers', String(run.workers), run.music],
    environment: run.environment,
  })
  const began = performance.now()
  const startCpuSeconds = await cpuOfGroup(server.child.pid ?? 0)
  try {
    const device = await createDevice(server.origin, await claimCodeOf(server))
    const ready = (await (await fetch(`${server.origin}/readyz`)).json()) as { transcoder?: { name?: string } | string }
    let firstSeconds = Number.NaN
    for (;;) {
      const { summary } = ingestReportSchema.parse(await (await device.request('GET', '/api/ingest?limit=1')).json())
      if (Number.isNaN(firstSeconds) && summary.playable + summary.complete >= trackCount)
        firstSeconds = (performance.now() - began) / 1000
      if (summary.complete >= trackCount) break
      if (summary.refused > 0) throw new Error('a track was refused')
      if (performance.now() - began > 30 * 60_000) throw new Error('not done after half an hour')
      await new Promise((resolve) => setTimeout(resolve, 250))
    }
    const cpuSeconds = (await cpuOfGroup(server.child.pid ?? 0)) - startCpuSeconds
    return {
      wallSeconds: (performance.now() - began) / 1000,
      cpuSeconds,
      startCpuSeconds,
      firstSeconds,
      tool: JSON.stringify(ready.transcoder ?? ''),
    }
  } finally {
    await server.stop()
  }
}

const rowsOf = (
  name: string,
  cost: Awaited<ReturnType<typeof ours>>,
  peers: { plain: Cost; measured: Cost },
): Row[] => {
  const audio = trackCount * secondsEach
  const throughput = {
    case: name,
    metric: 'throughput',
    unit: 's of audio per s',
    better: 'higher',
    value: audio / cost.wallSeconds,
  } as const
  const perCpu = {
    case: name,
    metric: 'throughput by CPU',
    unit: 's of audio per CPU s',
    better: 'higher',
    value: audio / cost.cpuSeconds,
  } as const
  const against = [
    ['bare ffmpeg', peers.plain],
    ['bare ffmpeg with ebur128', peers.measured],
  ] as const
  return [
    ...against.map(([peer, { wallSeconds }]) => row({ ...throughput, peer, peerValue: audio / wallSeconds })),
    row({ ...throughput, limit: (0.9 * audio) / peers.plain.wallSeconds }),
    ...against.map(([peer, { cpuSeconds }]) => row({ ...perCpu, peer, peerValue: audio / cpuSeconds })),
    row({ ...perCpu, limit: (0.9 * audio) / peers.plain.cpuSeconds }),
    ...against.map(([peer, { cpuSeconds }]) =>
      row({
        case: name,
        metric: 'CPU',
        unit: 's',
        better: 'lower',
        value: cost.cpuSeconds,
        peer,
        peerValue: cpuSeconds,
      }),
    ),
    row({ case: name, metric: 'CPU of starting the server', unit: 's', better: 'lower', value: cost.startCpuSeconds }),
    row({
      case: name,
      metric: 'all tracks playable',
      unit: 's',
      better: 'lower',
      value: cost.firstSeconds,
      peer: 'bare ffmpeg, everything',
      peerValue: peers.plain.wallSeconds,
    }),
  ]
}

const main = async (): Promise<void> => {
  await using folder = await temporaryFolder('bench-ingest')
  const music = join(folder.path, 'music', 'The Testers', 'Bench Pieces')
  await mkdir(music, { recursive: true })
  const sources: string[] = []
  for (let number = 1; number <= trackCount; number += 1) {
    sources.push(join(music, `${String(number).padStart(3, '0')} Piece ${number}.wav`))
    await writeWav(sources.at(-1) ?? '', makeSound(secondsEach, number))
  }
  const rows: Row[] = []
  for (const workers of workerCounts) {
    const plain = await bare(sources, { folder: join(folder.path, `bare-${workers}`), isMeasured: false }, workers)
    const measured = await bare(
      sources,
      { folder: join(folder.path, `measured-${workers}`), isMeasured: true },
      workers,
    )
    for (const tool of toolNames) {
      const environment: Record<string, string> = tool === 'node-av' ? { TONESTEAD_TRANSCODER: 'node-av' } : {}
      const cost = await ours({
        music: join(folder.path, 'music'),
        data: join(folder.path, `data-${workers}-${tool}`),
        workers,
        environment,
      })
      note(`${tool}, ${workers} worker(s): ${cost.tool}`)
      rows.push(
        ...rowsOf(
          `${tool}, ${workers} worker${workers > 1 ? 's' : ''}, ${trackCount} tracks of ${secondsEach} s`,
          cost,
          { plain, measured },
        ),
      )
    }
  }
  printRows(rows)
}

await main()
