import { parseList } from '../runner/bench-options.ts'
import type { OptionSpec } from '../runner/bench-options.ts'
import type { Line } from './throttled-link.ts'

export type NamedLine = { readonly key: string; readonly name: string; readonly line: Line }

/** For everything that is not measured. */
export const unthrottled: Line = { latencyMs: 0, bitsPerSecond: 1e10 }

const lines: readonly NamedLine[] = [
  { key: '256k', name: '256 kbit/s', line: { latencyMs: 50, bitsPerSecond: 256_000 } },
  { key: '1M', name: '1 Mbit/s', line: { latencyMs: 50, bitsPerSecond: 1_000_000 } },
  { key: '10M', name: '10 Mbit/s', line: { latencyMs: 50, bitsPerSecond: 10_000_000 } },
]

export const linesOption: OptionSpec = {
  about: 'network lines, each with 50 ms round trip: 256k, 1M, 10M',
  value: '256k,1M,10M',
  short: '10M',
}

export const parseLines = (text: string): readonly NamedLine[] => {
  const keys = parseList(
    'lines',
    lines.map(({ key }) => key),
    text,
  )
  return lines.filter(({ key }) => keys.includes(key))
}
