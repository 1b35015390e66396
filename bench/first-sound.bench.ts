import type { Track } from '@tonestead/protocol/catalog'
import {
  firstSoundLimitMs,
  fromCacheOffline,
  fromColdManifest,
  fromFirstVisit,
  fromHeadAndKey,
  type Take,
} from './playback/first-sound-cases.ts'
import { linesOption, parseLines, type NamedLine } from './playback/lines.ts'
import { openListener, settleIn } from './playback/open-listener.ts'
import { noteFigures, openPlaybackPeers, type PlaybackPeers } from './playback/playback-peers.ts'
import { startThrottledServer, type ThrottledServer } from './playback/throttled-server.ts'
import { parseCount } from './runner/bench-options.ts'
import { median, row, type Row } from './runner/rows.ts'
import { runBench } from './runner/run-bench.ts'

const firstSound = { metric: 'first sound', unit: 'ms', better: 'lower' } as const
const offlineLevelMs = 60

/** With head and key at hand, a third more than the physical limit may go by, or 120 ms where that is more. */
const levelAbove = (limitMs: number): number => limitMs + Math.max(limitMs * 0.3, 120)

type Repeat = (measure: (take: Take, round: number) => Promise<number>) => Promise<number[]>

/** Each repetition takes a track that was not fetched before, so no cache has an influence. */
const createRepeat = (takeTrack: () => Track, repetitions: number, line: NamedLine): Repeat => {
  return async (measure) => {
    const values: number[] = []
    for (let round = 0; round < repetitions; round += 1)
      values.push(await measure({ track: takeTrack(), line: line.line }, round))
    return values
  }
}

const measurePeers = async (peers: PlaybackPeers, repeat: Repeat, lineName: string): Promise<Map<string, number>> => {
  const results = new Map<string, number>()
  for (const peer of peers.names) {
    const values = await repeat((take) => peers.play({ ...take, peer }, (_page, firstSoundMs) => firstSoundMs))
    noteFigures(`${peer}, ${lineName}`, values)
    results.set(peer, median(values))
  }
  return results
}

/** One row with the physical limit, and one for each peer. */
const rowsOf = (
  name: string,
  measured: { value: number; limit: number; level?: number; peers: ReadonlyMap<string, number> },
): Row[] => {
  const { value, limit, level, peers } = measured
  const figures = { ...firstSound, case: name, value }
  return [
    row({ ...figures, limit, ...(level === undefined ? {} : { level }) }),
    ...[...peers].map(([peer, peerValue]) => row({ ...figures, peer, peerValue })),
  ]
}

const createTrackSource = ({ tracks }: ThrottledServer): (() => Track) => {
  let next = 0
  return () => tracks[next++ % tracks.length] as Track
}

await runBench(
  {
    name: 'first-sound',
    about:
      'Time from the click on Play until the media element moves: our page on a real server behind a slow line, compared with hls.js on the same chunks and with a plain M4A file, in the same run. Medians.',
    options: { lines: linesOption, repetitions: { about: 'repetitions of each case', value: '5', short: '1' } },
    requiredTools: ['chromium'],
    peerTools: ['ffmpeg'],
  },
  async (run) => {
    const lines = parseLines(run.options.lines)
    const repetitions = parseCount('repetitions', run.options.repetitions)
    const server = await startThrottledServer(run, { tracks: (lines.length * 3 + 1) * repetitions, seconds: 31 })
    const peers = await openPlaybackPeers(run, server)
    const peerTrack = createTrackSource(server)
    const peerResults = new Map<NamedLine, Map<string, number>>()
    for (const line of lines)
      peerResults.set(line, await measurePeers(peers, createRepeat(peerTrack, repetitions, line), line.name))

    const context = await openListener(run, 'listener')
    const page = context.pages()[0] ?? (await context.newPage())
    await settleIn(page, server.origin)
    const takeTrack = createTrackSource(server)
    for (const line of lines) {
      const repeat = createRepeat(takeTrack, repetitions, line)
      for (const [what, measure, level] of [
        ['local head and key', fromHeadAndKey, levelAbove],
        ['cold manifest', fromColdManifest, undefined],
      ] as const) {
        let limit = 0
        const values = await repeat(async (take) => {
          limit = await firstSoundLimitMs(server, take)
          return measure(server, page, take)
        })
        noteFigures(`${what}, ${line.name}`, values)
        const measured = { value: median(values), limit, peers: peerResults.get(line) ?? new Map<string, number>() }
        run.add(
          ...rowsOf(`${what}, ${line.name}`, level === undefined ? measured : { ...measured, level: level(limit) }),
        )
      }
      const visits = await repeat((take, round) =>
        fromFirstVisit(run, server, { ...take, profile: `visitor-${line.key}-${round}` }),
      )
      noteFigures(`first visit, ${line.name}`, visits)
      run.add(
        row({
          ...firstSound,
          case: `first visit, ${line.name}`,
          metric: 'navigation to first sound',
          value: median(visits),
        }),
      )
    }

    const offline: number[] = []
    for (let round = 0; round < repetitions; round += 1) offline.push(await fromCacheOffline(server, page, takeTrack()))
    noteFigures('offline', offline)
    run.add(row({ ...firstSound, case: 'offline', value: median(offline), level: offlineLevelMs }))
  },
)
