import { reachesLevel, type Row } from './rows.ts'

const headings = ['case', 'metric', 'value', 'unit', 'better', 'compared with', 'is', 'ratio', 'level'] as const
const numeric = new Set<string>(['value', 'is', 'ratio'])
const narrowest = 8
const gap = 2

/** The rows as plain text. Long cells are broken into several lines, so that no line is longer than `width` characters. */
export const formatTable = (rows: readonly Row[], width = 120): string => {
  const table = [[...headings], ...rows.map(cellsOf)]
  const widths = fitColumns(table, width)
  const lines = table.flatMap((cells) => layOut(cells, widths))
  return [
    ...lines.slice(0, 1),
    widths.map((columns) => '-'.repeat(columns)).join(' '.repeat(gap)),
    ...lines.slice(1),
  ].join('\n')
}

const cellsOf = (row: Row): string[] => [
  row.case,
  row.metric,
  String(row.value),
  row.unit,
  row.better,
  row.limit === undefined ? (row.peer ?? '') : 'physical limit',
  String(row.limit ?? row.peerValue ?? ''),
  String(row.ratio ?? ''),
  levelText(row),
]

const levelText = (row: Row): string =>
  row.level === undefined
    ? ''
    : `${row.better === 'lower' ? '<=' : '>='} ${row.level} ${reachesLevel(row) === true ? 'yes' : 'NO'}`

/** Starts from the longest cells and takes from the widest column until the line fits. */
const fitColumns = (table: readonly (readonly string[])[], width: number): number[] => {
  const widths = headings.map((_, column) => Math.max(...table.map((cells) => cells[column]?.length ?? 0)))
  const total = (): number => widths.reduce((sum, one) => sum + one, 0) + gap * (widths.length - 1)
  while (total() > width) {
    const widest = widths.indexOf(Math.max(...widths))
    if ((widths[widest] ?? 0) <= narrowest) break
    widths[widest] = (widths[widest] ?? 0) - 1
  }
  return widths
}

const layOut = (cells: readonly string[], widths: readonly number[]): string[] => {
  const broken = cells.map((cell, column) => breakText(cell, widths[column] ?? narrowest))
  const height = Math.max(...broken.map((lines) => lines.length))
  return Array.from({ length: height }, (_, line) =>
    broken
      .map((lines, column) => {
        const text = lines[line] ?? ''
        const columns = widths[column] ?? narrowest
        return numeric.has(headings[column] ?? '') ? text.padStart(columns) : text.padEnd(columns)
      })
      .join(' '.repeat(gap))
      .trimEnd(),
  )
}

/** Breaks a text into lines at spaces; a word that is too long is cut. */
export const breakText = (text: string, width: number): string[] => {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ').flatMap((one) => cutWord(one, width))) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line)
      line = ''
    }
    line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, line]
}

const cutWord = (word: string, width: number): string[] =>
  word.length <= width
    ? [word]
    : Array.from({ length: Math.ceil(word.length / width) }, (_, part) => word.slice(part * width, (part + 1) * width))
