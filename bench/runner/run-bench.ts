import { runToEnd, type ProgramRun } from '../../harness/run-to-end.ts'
import { helpText, parseBenchOptions, type OptionSpecs } from './bench-options.ts'
import { formatTable } from './format-table.ts'
import { readGivenTools, type Tool, type ToolPaths } from './given-tools.ts'
import { note } from './note.ts'
import type { Row } from './rows.ts'

export type BenchDescription<Option extends string> = {
  readonly name: string
  /** What is measured, and what it is compared with. For `--help`. */
  readonly about: string
  readonly options: OptionSpecs<Option>
  /** Without these the benchmark does not start. */
  readonly requiredTools?: readonly Tool[]
  /** Without these a peer is left out. */
  readonly peerTools?: readonly Tool[]
}

export type BenchRun<Option extends string = never> = ProgramRun & {
  readonly options: Readonly<Record<Option, string>>
  readonly tools: ToolPaths
  /** The rows are printed at the end, and also when the benchmark is interrupted. */
  add(...rows: readonly Row[]): void
}

/** Runs a benchmark file from its arguments to its exit code. No server, browser or folder stays behind, however it ends. */
export const runBench = async <Option extends string>(
  description: BenchDescription<Option>,
  measure: (run: BenchRun<Option>) => Promise<void>,
): Promise<void> => {
  const parsed = parseBenchOptions(description.options, process.argv.slice(2))
  const { requiredTools = [], peerTools = [] } = description
  if (parsed.kind === 'help')
    return console.log(helpText({ ...description, needs: needsText(requiredTools, peerTools) }, description.options))
  if (parsed.kind === 'invalid') return refuse([parsed.why, `See: npm run bench -- ${description.name} --help`])
  const required = readGivenTools(requiredTools, process.env)
  if (required.missing.length > 0)
    return refuse([...required.missing, `npm run bench -- ${description.name} looks for it by itself.`])
  const peers = readGivenTools(peerTools, process.env)
  for (const missing of peers.missing) note(`${missing} The benchmark runs without this peer.`)

  const rows: Row[] = []
  const end = await runToEnd(`bench-${description.name}`, (run) =>
    measure({
      ...run,
      options: parsed.values,
      tools: { ...required.paths, ...peers.paths },
      add: (...more) => void rows.push(...more),
    }),
  )
  if (end.kind === 'interrupted') note('The rows are those measured until now.')
  if (end.kind !== 'failed') console.log(parsed.isJson ? JSON.stringify(rows, undefined, 1) : formatTable(rows))
  process.exit(end.exitCode)
}

const refuse = (lines: readonly string[]): void => {
  for (const line of lines) note(line)
  process.exitCode = 2
}

const needsText = (required: readonly Tool[], peers: readonly Tool[]): string =>
  [
    ...(required.length === 0 ? [] : [`It needs ${required.join(' and ')}.`]),
    ...(peers.length === 0 ? [] : [`Without ${peers.join(' or ')} a peer is left out.`]),
  ].join(' ')
