import { lastYear, longestMs } from './search-address.ts'

type Range = { readonly from: number; readonly to: number }
export type RangeChoice = { readonly name: string; readonly range: Range }

const oldestDecade = 1950
const minuteMs = 60_000

const lengths: readonly RangeChoice[] = [
  { name: 'Under 3 minutes', range: { from: 0, to: 3 * minuteMs - 1 } },
  { name: '3 to 6 minutes', range: { from: 3 * minuteMs, to: 6 * minuteMs - 1 } },
  { name: 'Over 6 minutes', range: { from: 6 * minuteMs, to: longestMs } },
]

/** The decades back from this year. A range from an address that is none of them comes first. */
export const yearChoices = (thisYear: number, chosen: Range | undefined): readonly RangeChoice[] => {
  const newest = thisYear - (thisYear % 10)
  const decades = Array.from({ length: (newest - oldestDecade) / 10 + 1 }, (_, back) => newest - back * 10)
  const choices = [
    ...decades.map((from) => ({ name: `${from}s`, range: { from, to: from + 9 } })),
    { name: `Before ${oldestDecade}`, range: { from: 0, to: oldestDecade - 1 } },
  ]
  return withChosen(choices, chosen, ({ from, to }) =>
    from === to ? String(from) : to >= lastYear ? `Since ${from}` : from === 0 ? `Until ${to}` : `${from} to ${to}`,
  )
}

export const lengthChoices = (chosen: Range | undefined): readonly RangeChoice[] => {
  const minutes = (ms: number) =>
    `${Math.floor(ms / minuteMs)}:${String(Math.floor((ms % minuteMs) / 1000)).padStart(2, '0')}`
  return withChosen(lengths, chosen, ({ from, to }) =>
    to >= longestMs ? `Over ${minutes(from)}` : `${minutes(from)} to ${minutes(to)}`,
  )
}

export const chosenName = (choices: readonly RangeChoice[], value: Range | undefined): string =>
  choices.find(({ range }) => isSame(range, value))?.name ?? ''

export const rangeNamed = (choices: readonly RangeChoice[], name: string): Range | undefined =>
  choices.find((choice) => choice.name === name)?.range

const isSame = (range: Range, other: Range | undefined): boolean =>
  other !== undefined && range.from === other.from && range.to === other.to

const withChosen = (
  choices: readonly RangeChoice[],
  chosen: Range | undefined,
  nameOf: (range: Range) => string,
): readonly RangeChoice[] =>
  chosen === undefined || choices.some(({ range }) => isSame(range, chosen))
    ? choices
    : [{ name: nameOf(chosen), range: chosen }, ...choices]
