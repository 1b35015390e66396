import { row, type Row } from '../rows.ts'
import type { Asked } from './ask-queries.ts'
import { levelKinds, qualityLevels, speedLevels } from './level-kinds.ts'
import type { Outcome, Report } from './measured-child.ts'

const quantile = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? NaN

const ratioOf = (list: readonly boolean[]): number => list.filter(Boolean).length / list.length

const askedIn = (outcome: Outcome, via: string): Asked[] =>
  outcome.reports.flatMap((report) =>
    report.kind === 'asked' && report.via === via && report.asked.ms.length > 0 ? [report.asked] : [],
  )
const builtIn = (outcome: Outcome) =>
  outcome.reports.find((report): report is Extract<Report, { kind: 'built' }> => report.kind === 'built')

const time = { unit: 'ms', better: 'lower' } as const
const share = { unit: 'share', better: 'higher', metric: 'success@1' } as const
/** The level for an artist's name is for the artist found, which the quality bench measures; here the first track is graded, as for the peers. */
const levelOf = (kind: Asked['kind'], size: string): { limit: number } | object => {
  const level = kind === 'keystroke' || kind === 'any' || kind === 'artist' ? undefined : qualityLevels[kind]
  return level === undefined || size !== '1M' ? {} : { limit: level }
}

const timeRows = (name: string, { ms }: Asked, limit: { limit: number } | object): Row[] => [
  row({ case: name, metric: 'p50', ...time, value: quantile(ms, 0.5) }),
  row({ case: name, metric: 'p99', ...time, value: quantile(ms, 0.99), ...limit }),
]

const levels = {
  build: speedLevels.buildSeconds,
  steady: speedLevels.steadyBytes / 1e6,
  swap: speedLevels.swapBytes / 1e6,
}

const figureRow = ({ name, metric, unit, value, level }: Extract<Report, { kind: 'figure' }>, size: string): Row =>
  row({
    case: `${name}, ${size}`,
    metric,
    unit,
    better: 'lower',
    value,
    ...(level === undefined || size !== '1M' ? {} : { limit: levels[level] }),
  })

/** Rows of our index: in the call without a suffix, else "(through the worker)" and the like. */
export const ownRows = (size: string, outcome: Outcome): Row[] => {
  const built = builtIn(outcome)
  const named = (what: string): { readonly case: string } => ({ case: `${what}, ${size}` })
  const limits = size === '1M'
  const construction =
    built === undefined
      ? []
      : [
          row({
            ...named('build'),
            metric: 'time',
            unit: 's',
            better: 'lower',
            value: built.buildMs / 1000,
            ...(limits ? { limit: speedLevels.buildSeconds } : {}),
          }),
          row({
            ...named('steady'),
            metric: 'memory',
            unit: 'MB',
            better: 'lower',
            value: (built.memory ?? NaN) / 1e6,
            ...(limits ? { limit: speedLevels.steadyBytes / 1e6 } : {}),
          }),
          row({ ...named('build'), metric: 'peak memory', unit: 'MB', better: 'lower', value: built.peakMemory / 1e6 }),
          ...(built.indexBytes === undefined
            ? []
            : [
                row({
                  ...named('steady'),
                  metric: 'typed arrays',
                  unit: 'MB',
                  better: 'lower',
                  value: built.indexBytes / 1e6,
                }),
              ]),
        ]
  const vias = [...new Set(outcome.reports.flatMap((report) => (report.kind === 'asked' ? [report.via] : [])))]
  const asked = vias.flatMap((via) =>
    askedIn(outcome, via).flatMap((one) => {
      const name = `${one.kind}, ${size}${via === 'call' ? '' : ` (${via})`}`
      return [
        ...timeRows(name, one, via === 'over HTTP' ? {} : { limit: speedLevels.p99Ms }),
        ...(one.kind === 'any' ? [row({ case: name, metric: 'longest', ...time, value: quantile(one.ms, 1) })] : []),
        ...(one.isRight.length > 0 && via === 'call'
          ? [row({ case: name, ...share, value: ratioOf(one.isRight), ...levelOf(one.kind, size) })]
          : []),
      ]
    }),
  )
  return [
    ...construction,
    ...asked,
    ...outcome.reports.flatMap((report) => (report.kind === 'figure' ? [figureRow(report, size)] : [])),
  ]
}

type PeerFigures = { readonly outcome: Outcome; readonly memory: number | undefined; readonly limitSeconds: number }

/** A peer by itself. What it did not get done in its time is a row that says so, and has no figure. */
export const peerRows = (name: string, size: string, { outcome, memory, limitSeconds }: PeerFigures): Row[] => {
  const built = builtIn(outcome)
  const own = (metric: string, unit: string, value: number): Row =>
    row({ case: `${name}: build, ${size}`, metric, unit, better: 'lower', value })
  const resident = memory ?? built?.memory
  return [
    ...(built === undefined
      ? []
      : [
          own('time', 's', built.buildMs / 1000),
          ...(resident === undefined ? [] : [own('memory', 'MB', resident / 1e6)]),
          ...(built.indexBytes === undefined ? [] : [own('index size', 'MB', built.indexBytes / 1e6)]),
        ]),
    ...(outcome.failure === undefined
      ? []
      : [
          row({
            case: `${name}: ${built === undefined ? 'build' : 'queries'}, ${size}`,
            metric: outcome.failure.startsWith('did not finish') ? 'did not finish in' : outcome.failure,
            unit: 's',
            better: 'lower',
            value: limitSeconds,
          }),
        ]),
  ]
}

/** Ours beside a peer's, on the very queries that the peer got done. */
export const comparisonRows = (
  name: string,
  size: string,
  { own, peer }: { readonly own: Outcome; readonly peer: Outcome },
): Row[] =>
  askedIn(peer, 'call').flatMap((theirs) => {
    const ours = askedIn(own, 'call').find(({ kind }) => kind === theirs.kind)
    if (ours === undefined) return timeRows(`${name}: ${theirs.kind}, ${size}`, theirs, {})
    const count = Math.min(ours.ms.length, theirs.ms.length)
    const cut = (asked: Asked): Asked => ({
      ...asked,
      ms: asked.ms.slice(0, count),
      isRight: asked.isRight.slice(0, count),
    })
    const [left, right] = [cut(ours), cut(theirs)]
    const beside = { case: `${theirs.kind}, ${size}`, peer: name }
    return [
      ...([0.5, 0.99] as const).map((part) =>
        row({
          ...beside,
          metric: part === 0.5 ? 'p50' : 'p99',
          ...time,
          value: quantile(left.ms, part),
          peerValue: quantile(right.ms, part),
        }),
      ),
      ...(levelKinds.some((kind) => kind === theirs.kind)
        ? [row({ ...beside, ...share, value: ratioOf(left.isRight), peerValue: ratioOf(right.isRight) })]
        : []),
    ]
  })
