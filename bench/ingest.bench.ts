import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { makeSound, writeWav } from '../harness/sound.ts'
import { encodeWithBareFfmpeg, type Cost } from './ingest/bare-ffmpeg.ts'
import { measureIngest, type IngestCost } from './ingest/measure-ingest.ts'
import { parseCount, parseList } from './runner/bench-options.ts'
import { note } from './runner/note.ts'
import { row, type Row } from './runner/rows.ts'
import { runBench } from './runner/run-bench.ts'

/** The share of the throughput of bare ffmpeg that the product has to reach. */
const levelShare = 0.9
const tools = ['ffmpeg', 'node-av'] as const

type Peers = { readonly plain: Cost; readonly withLoudness: Cost }

const rowsOf = (name: string, audioSeconds: number, { cost, peers }: { cost: IngestCost; peers: Peers }): Row[] => {
  const against = [
    ['bare ffmpeg', peers.plain],
    ['bare ffmpeg with ebur128', peers.withLoudness],
  ] as const
  const throughput = {
    case: name,
    metric: 'throughput',
    unit: 's of audio per s',
    better: 'higher',
    value: audioSeconds / cost.wallSeconds,
  } as const
  const perCpu = {
    case: name,
    metric: 'throughput by CPU',
    unit: 's of audio per CPU s',
    better: 'higher',
    value: audioSeconds / cost.cpuSeconds,
  } as const
  const cpu = { case: name, metric: 'CPU', unit: 's', better: 'lower', value: cost.cpuSeconds } as const
  /** The level is stated against ffmpeg that only encodes. */
  const levelFor = (peer: Cost, peerValue: number): { level: number } | object =>
    peer === peers.plain ? { level: levelShare * peerValue } : {}
  return [
    ...against.map(([peer, own]) => {
      const peerValue = audioSeconds / own.wallSeconds
      return row({ ...throughput, peer, peerValue, ...levelFor(own, peerValue) })
    }),
    ...against.map(([peer, own]) => {
      const peerValue = audioSeconds / own.cpuSeconds
      return row({ ...perCpu, peer, peerValue, ...levelFor(own, peerValue) })
    }),
    ...against.map(([peer, { cpuSeconds }]) => row({ ...cpu, peer, peerValue: cpuSeconds })),
    row({ ...cpu, metric: 'CPU of starting the server', value: cost.startCpuSeconds }),
    row({
      ...cpu,
      metric: 'all tracks playable',
      value: cost.playableSeconds,
      peer: 'bare ffmpeg, everything',
      peerValue: peers.plain.wallSeconds,
    }),
  ]
}

await runBench(
  {
    name: 'ingest',
    about:
      'Time from starting on a folder of tracks until every rendition is published, compared with ffmpeg by itself: the same encodes of the same files, one process for each track, as many at a time as there are workers. A second peer also measures loudness (ebur128 with true peak), as the product does. CPU time of all processes is given too, because other work on the machine changes it less than wall time. The start of the server is counted by itself. Linux only.',
    options: {
      tracks: { about: 'number of tracks', value: '10', short: '2' },
      seconds: { about: 'length of each track in seconds', value: '60', short: '20' },
      workers: { about: 'numbers of workers', value: '1,2', short: '1' },
      tools: { about: 'transcoders: ffmpeg, node-av', value: 'ffmpeg,node-av' },
    },
    requiredTools: ['ffmpeg'],
  },
  async (run) => {
    const trackCount = parseCount('tracks', run.options.tracks)
    const secondsEach = parseCount('seconds', run.options.seconds)
    const ffmpeg = run.tools.ffmpeg ?? ''
    const music = join(run.folder, 'music')
    const album = join(music, 'The Testers', 'Bench Pieces')
    await mkdir(album, { recursive: true })
    const sources: string[] = []
    for (let number = 1; number <= trackCount; number += 1) {
      const path = join(album, `${String(number).padStart(3, '0')} Piece ${number}.wav`)
      sources.push(path)
      await writeWav(path, makeSound(secondsEach, number))
    }
    for (const workers of run.options.workers.split(',').map((text) => parseCount('workers', text))) {
      const bare = (folder: string, hasLoudness: boolean): Promise<Cost> =>
        encodeWithBareFfmpeg({
          ffmpeg,
          sources,
          folder: join(run.folder, `${folder}-${workers}`),
          hasLoudness,
          workers,
        })
      const peers = { plain: await bare('plain', false), withLoudness: await bare('with-loudness', true) }
      for (const tool of parseList('tools', tools, run.options.tools)) {
        const cost = await measureIngest(run, {
          music,
          data: join(run.folder, `data-${workers}-${tool}`),
          tracks: trackCount,
          workers,
          environment: tool === 'node-av' ? { TONESTEAD_TRANSCODER: 'node-av' } : { FFMPEG_PATH: ffmpeg },
        })
        note(`${tool}, ${workers} worker(s): ${cost.transcoder}`)
        const name = `${tool}, ${workers} worker${workers > 1 ? 's' : ''}, ${trackCount} tracks of ${secondsEach} s`
        run.add(...rowsOf(name, trackCount * secondsEach, { cost, peers }))
      }
    }
  },
)
