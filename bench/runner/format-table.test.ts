import { describe, expect, it } from 'vitest'
import { formatTable } from './format-table.ts'
import { row } from './rows.ts'

const longest = [
  row({
    case: 'search over HTTP while the index is built, 1000k tracks, published by another process',
    metric: 'navigation to first sound of the first visit',
    unit: 's of audio per CPU s',
    better: 'higher',
    value: 123_456.789,
    peer: 'PostgreSQL pg_trgm with everything that it has, ebur128 too',
    peerValue: 0.000123456,
    level: 987_654.321,
  }),
  row({ case: 'short', metric: 'p99', unit: 'ms', better: 'lower', value: 12, limit: 10, level: 15 }),
  row({
    case: 'x'.repeat(200),
    metric: 'ended with SIGKILL after it did not answer',
    unit: 's',
    better: 'lower',
    value: 300,
  }),
]
const linesOf = (text: string): string[] => text.split('\n')

describe('the table of a benchmark', () => {
  it('fits a terminal of 120 columns with the longest rows', () => {
    for (const line of linesOf(formatTable(longest))) expect(line.length).toBeLessThanOrEqual(120)
  })

  it('loses no text when it breaks a cell', () => {
    const letters = (text: string): string => [...text.replace(/[\s-]/g, '')].sort().join('')
    const [first] = longest
    const printed = formatTable(longest.slice(0, 1))
    const heading = formatTable([])
    const cells = [
      first?.case,
      first?.metric,
      first?.unit,
      first?.peer,
      'higher',
      '123500',
      '0.0001235',
      '1000000000',
      '>= 987700 NO',
    ]
    expect(letters(printed)).toBe(letters(heading + cells.join('')))
  })

  it('says what a figure is compared with, and whether it reaches its level', () => {
    const [, , line] = linesOf(formatTable(longest.slice(1, 2)))
    expect(line).toBe('short  p99        12  ms    lower   physical limit  10    1.2  <= 15 yes')
  })
})

describe('a row', () => {
  it('takes its ratio from the physical limit, else from the peer, never from the level', () => {
    const figures = { case: 'c', metric: 'm', unit: 'ms', better: 'lower', value: 30 } as const
    expect(row({ ...figures, limit: 20, peer: 'p', peerValue: 10 }).ratio).toBe(1.5)
    expect(row({ ...figures, peer: 'p', peerValue: 10, level: 60 }).ratio).toBe(3)
    expect(row({ ...figures, level: 60 }).ratio).toBe(undefined)
  })
})
