import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseArgs, type ParseArgsConfig } from 'node:util'
import { StartRefusal } from './ports/start-refusal.ts'

// What the commands share that work on a data folder while the server is stopped or running: npm run restore-catalog, rebuild-catalog, scrub.

export type DataCommand = {
  readonly help: string
  readonly options?: NonNullable<ParseArgsConfig['options']>
  /** Resolves to the exit code. */
  readonly run: (dataFolder: string, values: Readonly<Record<string, unknown>>) => Promise<number>
}

/** Reads `--data` and runs the command. Exit code 1: it could not be done, for a reason that is printed. 2: wrong options. */
export const runDataCommand = async (command: DataCommand): Promise<void> => {
  try {
    process.exitCode = await run(command)
  } catch (error) {
    console.error(error instanceof StartRefusal ? error.message : error)
    process.exitCode = 1
  }
}

const run = async ({ help, options, run: work }: DataCommand): Promise<number> => {
  const values = readOptions(options)
  if (typeof values === 'string' || values['help'] === true) {
    console.log(typeof values === 'string' ? `${values} See --help.` : help)
    return typeof values === 'string' ? 2 : 0
  }
  const data = resolve(typeof values['data'] === 'string' ? values['data'] : 'data')
  if (!existsSync(data)) throw new StartRefusal(`The data folder ${data} is not there. Give it with --data.`)
  return work(data, values)
}

const readOptions = (options: DataCommand['options']): Readonly<Record<string, unknown>> | string => {
  try {
    const known = { data: { type: 'string' }, help: { type: 'boolean' }, ...options } as const
    return parseArgs({ args: process.argv.slice(2), options: known, strict: true }).values
  } catch (error) {
    return error instanceof Error ? (error.message.split('. ')[0] ?? 'The options are not valid') + '.' : String(error)
  }
}
