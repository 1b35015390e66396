import { quantile, row, type Row } from '../runner/rows.ts'
import { unfinished, type EngineOutcome, type EngineReport } from './run-engine.ts'
import { kindsWithLevel, qualityLevels, speedLevels } from './search-levels.ts'
import type { QueryTimes } from './time-queries.ts'

/** The rows of our index. In a function call the case has no suffix, else "(through the search thread)" and the like. */
export const ownRows = (size: string, outcome: EngineOutcome): Row[] => {
  const vias = [...new Set(outcome.reports.flatMap((report) => (report.kind === 'times' ? [report.via] : [])))]
  return [
    ...ownBuildRows(size, outcome),
    ...vias.flatMap((via) => timesOf(outcome, via).flatMap((times) => ownTimeRows(size, via, times))),
    ...outcome.reports.flatMap((report) => (report.kind === 'figure' ? [figureRow(report, size)] : [])),
  ]
}

type PeerFigures = {
  readonly outcome: EngineOutcome
  readonly memory: number | undefined
  readonly limitSeconds: number
}

/** The rows of a peer by itself. Where it did not finish in its time, a row says so. */
export const peerRows = (name: string, size: string, { outcome, memory, limitSeconds }: PeerFigures): Row[] => {
  const built = buildReport(outcome)
  const own = (metric: string, unit: string, value: number): Row =>
    row({ case: `${name}: build, ${size}`, metric, unit, better: 'lower', value })
  const resident = memory ?? built?.memory
  const buildRows =
    built === undefined
      ? []
      : [
          own('time', 's', built.buildMs / 1000),
          ...(resident === undefined ? [] : [own('memory', 'MB', resident / 1e6)]),
          ...(built.indexBytes === undefined ? [] : [own('index size', 'MB', built.indexBytes / 1e6)]),
        ]
  if (outcome.failure === undefined) return buildRows
  const what = built === undefined ? 'build' : 'queries'
  const metric = outcome.failure.startsWith(unfinished) ? unfinished : outcome.failure
  return [
    ...buildRows,
    row({ case: `${name}: ${what}, ${size}`, metric, unit: 's', better: 'lower', value: limitSeconds }),
  ]
}

/** Ours compared with a peer's, on the queries that the peer answered in its time. */
export const comparisonRows = (
  name: string,
  size: string,
  { own, peer }: { readonly own: EngineOutcome; readonly peer: EngineOutcome },
): Row[] =>
  timesOf(peer, 'call').flatMap((theirs) => {
    const ours = timesOf(own, 'call').find(({ kind }) => kind === theirs.kind)
    if (ours === undefined) return timeRows(`${name}: ${theirs.kind}, ${size}`, theirs)
    const count = Math.min(ours.ms.length, theirs.ms.length)
    const [left, right] = [firstOf(ours, count), firstOf(theirs, count)]
    const compared = { case: `${theirs.kind}, ${size}`, peer: name }
    const timeRow = (metric: string, part: number): Row =>
      row({ ...compared, ...time, metric, value: quantile(left.ms, part), peerValue: quantile(right.ms, part) })
    return [
      timeRow('p50', 0.5),
      timeRow('p99', 0.99),
      ...(kindsWithLevel.some((kind) => kind === theirs.kind)
        ? [row({ ...compared, ...share, value: shareOf(left.isRight), peerValue: shareOf(right.isRight) })]
        : []),
    ]
  })

const time = { unit: 'ms', better: 'lower' } as const
const share = { unit: 'share', better: 'higher', metric: 'success@1' } as const

const shareOf = (list: readonly boolean[]): number => list.filter(Boolean).length / list.length

const firstOf = (times: QueryTimes, count: number): QueryTimes => ({
  ...times,
  ms: times.ms.slice(0, count),
  isRight: times.isRight.slice(0, count),
})

const timesOf = (outcome: EngineOutcome, via: string): QueryTimes[] =>
  outcome.reports.flatMap((report) =>
    report.kind === 'times' && report.via === via && report.times.ms.length > 0 ? [report.times] : [],
  )

const buildReport = (outcome: EngineOutcome) =>
  outcome.reports.find((report): report is Extract<EngineReport, { kind: 'built' }> => report.kind === 'built')

type Level = { readonly level: number } | object

/** Some levels are stated for a million tracks only. */
const levelAtMillion = (size: string, level: number | undefined): Level =>
  level === undefined || size !== '1M' ? {} : { level }

/** The level for an artist's name is about the artist found (search-quality measures it). Here the first track is graded, as for the peers. */
const qualityLevel = (kind: QueryTimes['kind'], size: string): Level =>
  kind === 'keystroke' || kind === 'any' || kind === 'artist' ? {} : levelAtMillion(size, qualityLevels[kind])

const timeRows = (name: string, { ms }: QueryTimes, level: Level = {}): Row[] => [
  row({ case: name, metric: 'p50', ...time, value: quantile(ms, 0.5) }),
  row({ case: name, metric: 'p99', ...time, value: quantile(ms, 0.99), ...level }),
]

const ownTimeRows = (size: string, via: string, times: QueryTimes): Row[] => {
  const name = `${times.kind}, ${size}${via === 'call' ? '' : ` (${via})`}`
  return [
    ...timeRows(name, times, via === 'over HTTP' ? {} : { level: speedLevels.p99Ms }),
    ...(times.kind === 'any' ? [row({ case: name, metric: 'longest', ...time, value: quantile(times.ms, 1) })] : []),
    ...(times.isRight.length > 0 && via === 'call'
      ? [row({ case: name, ...share, value: shareOf(times.isRight), ...qualityLevel(times.kind, size) })]
      : []),
  ]
}

const ownBuildRows = (size: string, outcome: EngineOutcome): Row[] => {
  const built = buildReport(outcome)
  if (built === undefined) return []
  const megabytes = { unit: 'MB', better: 'lower' } as const
  const [build, steady] = [{ case: `build, ${size}` }, { case: `steady, ${size}` }]
  return [
    row({
      ...build,
      metric: 'time',
      unit: 's',
      better: 'lower',
      value: built.buildMs / 1000,
      ...levelAtMillion(size, speedLevels.buildSeconds),
    }),
    row({
      ...steady,
      ...megabytes,
      metric: 'memory',
      value: (built.memory ?? Number.NaN) / 1e6,
      ...levelAtMillion(size, speedLevels.steadyBytes / 1e6),
    }),
    row({ ...build, ...megabytes, metric: 'peak memory', value: built.peakMemory / 1e6 }),
    ...(built.indexBytes === undefined
      ? []
      : [row({ ...steady, ...megabytes, metric: 'typed arrays', value: built.indexBytes / 1e6 })]),
  ]
}

const figureLevels = {
  build: speedLevels.buildSeconds,
  steady: speedLevels.steadyBytes / 1e6,
  swap: speedLevels.swapBytes / 1e6,
} as const

const figureRow = (report: Extract<EngineReport, { kind: 'figure' }>, size: string): Row => {
  const { name, metric, unit, value, levelName } = report
  const level = levelAtMillion(size, levelName && figureLevels[levelName])
  return row({ case: `${name}, ${size}`, metric, unit, better: 'lower', value, ...level })
}
