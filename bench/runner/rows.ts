/** One figure and what it is compared with. */
export type Row = {
  readonly case: string
  readonly metric: string
  readonly unit: string
  readonly value: number
  readonly better: 'lower' | 'higher'
  /** Another program that did the same work in the same run, and its figure. */
  readonly peer?: string
  readonly peerValue?: number
  /** The physical limit: no program can be better on this line, disk or processor. */
  readonly limit?: number
  /** The level that the product has to reach. */
  readonly level?: number
  /** value ÷ limit where there is a limit, else value ÷ peerValue. */
  readonly ratio?: number
}

/** Makes a row: four significant digits, and the ratio. */
export const row = (figures: Omit<Row, 'ratio'>): Row => {
  const base = figures.limit ?? figures.peerValue
  const known = Object.fromEntries(
    Object.entries(figures).map(([name, value]) => [name, typeof value === 'number' ? rounded(value) : value]),
  ) as Omit<Row, 'ratio'>
  return base === undefined || base === 0 ? known : { ...known, ratio: rounded(figures.value / base) }
}

/** Whether a row reaches its level; undefined where it has none. */
export const reachesLevel = ({ value, better, level }: Row): boolean | undefined =>
  level === undefined ? undefined : better === 'lower' ? value <= level : value >= level

export const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  const [low, high] = [sorted[sorted.length % 2 === 0 ? middle - 1 : middle], sorted[middle]]
  if (low === undefined || high === undefined) throw new RangeError('an empty list has no median')
  return (low + high) / 2
}

/** NaN for an empty list. */
export const quantile = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? Number.NaN

const rounded = (value: number): number => Number(value.toPrecision(4))
