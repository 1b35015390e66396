import { parseArgs } from 'node:util'
import { breakText } from './format-table.ts'

/** An option that takes a value. `short` is its value in the short form, where that differs. */
export type OptionSpec = { readonly about: string; readonly value: string; readonly short?: string }
export type OptionSpecs<Name extends string> = Readonly<Record<Name, OptionSpec>>

export type ParsedOptions<Name extends string> =
  | { readonly kind: 'help' }
  | { readonly kind: 'invalid'; readonly why: string }
  | {
      readonly kind: 'run'
      readonly values: Readonly<Record<Name, string>>
      readonly isJson: boolean
    }

export const parseBenchOptions = <Name extends string>(
  specs: OptionSpecs<Name>,
  args: readonly string[],
): ParsedOptions<Name> => {
  const names = Object.keys(specs) as Name[]
  const flag = { type: 'boolean', default: false } as const
  const options = Object.fromEntries(names.map((name) => [name, { type: 'string' } as const]))
  try {
    const { values } = parseArgs({ args: [...args], options: { ...options, help: flag, json: flag, short: flag } })
    if (values.help === true) return { kind: 'help' }
    const given = values as Readonly<Record<string, unknown>>
    const isShort = values.short === true
    const valueOf = (name: Name): string => {
      const { value, short } = specs[name]
      return String(given[name] ?? (isShort ? (short ?? value) : value))
    }
    const chosen = Object.fromEntries(names.map((name) => [name, valueOf(name)])) as Record<Name, string>
    return { kind: 'run', values: chosen, isJson: values.json === true }
  } catch (error) {
    return { kind: 'invalid', why: error instanceof Error ? error.message : String(error) }
  }
}

const width = 110

export const helpText = (
  { name, about, needs }: { readonly name: string; readonly about: string; readonly needs: string },
  specs: OptionSpecs<string>,
): string => {
  const lines = Object.entries(specs).map(([option, { about: what, value, short }]) => [
    `--${option} VALUE`,
    `${what} (${value === '' ? 'none' : value}${short === undefined ? '' : `; short form: ${short}`})`,
  ])
  const flags = [
    ['--short', 'the short form: ends within two minutes; its figures show only that the benchmark works'],
    ['--json', 'print the rows as one JSON array instead of a table'],
    ['--help', 'print this text'],
  ]
  const columns = Math.max(...[...lines, ...flags].map(([left = '']) => left.length))
  const optionLines = ([left = '', right = '']: string[]): string[] =>
    breakText(right, width - columns - 4).map((text, at) => `  ${(at === 0 ? left : '').padEnd(columns)}  ${text}`)
  return [
    `npm run bench -- ${name} [options]`,
    '',
    ...breakText(about, width),
    ...(needs === '' ? [] : ['', needs]),
    '',
    ...[...lines, ...flags].flatMap(optionLines),
  ].join('\n')
}

/** A whole number of one or more. */
export const parseCount = (option: string, text: string): number => {
  const count = Number(text)
  if (!Number.isInteger(count) || count < 1)
    throw new RangeError(`--${option} has to be a whole number from 1, not "${text}"`)
  return count
}

/** One or more of the allowed words, with commas between them. */
export const parseList = <T extends string>(option: string, allowed: readonly T[], text: string): T[] =>
  text.split(',').map((word) => {
    const found = allowed.find((one) => one === word)
    if (found === undefined) throw new RangeError(`--${option} takes ${allowed.join(', ')}, not "${word}"`)
    return found
  })
