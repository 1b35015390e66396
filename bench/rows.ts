/** One figure with what it is held against; `ratio` is value ÷ limit where there is a limit, else value ÷ the peer's value. */
export type Row = {
  readonly case: string
  readonly metric: string
  readonly unit: string
  readonly value: number
  readonly better: 'lower' | 'higher'
  readonly peer?: string
  readonly peerValue?: number
  readonly limit?: number
  readonly ratio?: number
}

const rounded = (value: number): number => Number(value.toPrecision(4))

export const row = (figures: Omit<Row, 'ratio'>): Row => {
  const against = figures.limit ?? figures.peerValue
  const known = Object.fromEntries(
    Object.entries(figures).map(([name, value]) => [name, typeof value === 'number' ? rounded(value) : value]),
  ) as Omit<Row, 'ratio'>
  return against === undefined || against === 0 ? known : { ...known, ratio: rounded(figures.value / against) }
}

/** Prints rows as a table, or as one JSON array with --json. What else a bench has to say goes to stderr. */
export const printRows = (rows: readonly Row[]): void => {
  if (process.argv.includes('--json')) console.log(JSON.stringify(rows, undefined, 1))
  else
    console.table(
      rows.map((one) => ({
        case: one.case,
        metric: one.metric,
        value: one.value,
        unit: one.unit,
        against: one.limit === undefined ? (one.peer ?? '') : 'limit',
        is: one.limit ?? one.peerValue ?? '',
        ratio: one.ratio ?? '',
        better: one.better,
      })),
    )
}

export const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  const [low, high] = [sorted[sorted.length % 2 === 0 ? middle - 1 : middle], sorted[middle]]
  if (low === undefined || high === undefined) throw new RangeError('the median of nothing')
  return (low + high) / 2
}

export const note = (text: string): void => console.error(text)
