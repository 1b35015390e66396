import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { buildApp } from './build-app.ts'
import { runChecks } from './run-checks.ts'
import { findChromium, findFfmpeg, findFirefox, type FoundTool } from './find-tools.ts'

// npm test: checks, units, real servers, real browser. Brings the tools it needs, or says loudly which tests it leaves out.

const root = join(import.meta.dirname, '..')
const reportFile = join(root, '.cache', 'tests.json')

const help = `npm test -- [options] [vitest filters]
  --no-checks   leave out types, lint, structure, dead code, budgets
  --unit        only unit tests
  --journeys    only journeys in the real browser
Variables: TONESTEAD_CHROMIUM, TONESTEAD_FIREFOX, FFMPEG_PATH, TONESTEAD_TEST_MEDIA (default ../shared/media)`

const reportSchema = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numPendingTests: z.number(),
  numTodoTests: z.number(),
})

const tell = (name: string, tool: FoundTool): string | undefined => {
  if (tool.kind === 'found') console.log(`${name}: ${tool.path} (from ${tool.from})`)
  else console.log(`\n!!! ${name} is missing: ${tool.why}.\n!!! The tests that need it are SKIPPED.\n`)
  return tool.kind === 'found' ? tool.path : undefined
}

const runVitest = (args: readonly string[], environment: Record<string, string>): Promise<number> =>
  new Promise((resolve, reject) => {
    const child = spawn(
      process.execPath,
      [
        join(root, 'node_modules', 'vitest', 'vitest.mjs'),
        'run',
        '--reporter=default',
        '--reporter=json',
        `--outputFile.json=${reportFile}`,
        ...args,
      ],
      {
        cwd: root,
        stdio: ['ignore', 'inherit', 'inherit'],
        env: { ...process.env, ...environment },
      },
    )
    child.on('error', reject)
    child.on('close', (code) => resolve(code ?? 1))
  })

type Wanted = {
  readonly isUnitOnly: boolean
  readonly isJourneysOnly: boolean
  readonly hasChecks: boolean
  readonly filters: readonly string[]
}

const wantedBy = (args: readonly string[]): Wanted => ({
  isUnitOnly: args.includes('--unit'),
  isJourneysOnly: args.includes('--journeys'),
  hasChecks: !args.includes('--no-checks'),
  filters: args.filter((argument) => !['--no-checks', '--unit', '--journeys'].includes(argument)),
})

/** Where the tools are, for the tests: absent variables mean skipped tests. */
const findTools = async (wanted: Wanted): Promise<Record<string, string>> => {
  const chromium = wanted.isUnitOnly ? undefined : tell('Chromium', await findChromium())
  const firefox = wanted.isUnitOnly ? undefined : tell('Firefox', await findFirefox())
  const ffmpeg = tell('ffmpeg', await findFfmpeg())
  const media = process.env['TONESTEAD_TEST_MEDIA'] ?? join(root, '..', 'shared', 'media')
  console.log(existsSync(media) ? 'Test media: given' : 'Test media: absent, tests run on synthesized sound')
  const found = { TONESTEAD_CHROMIUM: chromium, TONESTEAD_FIREFOX: firefox, TONESTEAD_REFERENCE_FFMPEG: ffmpeg }
  const known = Object.entries(found).flatMap(([name, path]) => (path === undefined ? [] : [[name, path] as const]))
  return { TONESTEAD_TEST_MEDIA: media, ...Object.fromEntries(known) }
}

const main = async (wanted: Wanted): Promise<number> => {
  const environment = await findTools(wanted)
  const checksHold = !wanted.hasChecks || (await runChecks())
  if (!wanted.isUnitOnly) await buildApp()
  await mkdir(join(root, '.cache'), { recursive: true })
  const project = wanted.isUnitOnly ? ['--project=unit'] : wanted.isJourneysOnly ? ['--project=journeys'] : []
  // What tests leave behind, also when they are killed, goes with this folder.
  const temporary = await mkdtemp(join(tmpdir(), 'tonestead-tests-'))
  const code = await runVitest([...project, ...wanted.filters], { ...environment, TMPDIR: temporary })
  await rm(temporary, { recursive: true, force: true, maxRetries: 3 })
  const report = reportSchema.parse(JSON.parse(await readFile(reportFile, 'utf8')))
  if (!checksHold) console.log('The checks did NOT hold (see above).')
  if (report.numPassedTests + report.numFailedTests === 0) console.log('No test ran.')
  const failed = report.numFailedTests + (checksHold ? 0 : 1) + (code !== 0 && report.numFailedTests === 0 ? 1 : 0)
  console.log(
    `\n${report.numPassedTests} passed, ${failed} failed, ${report.numPendingTests + report.numTodoTests} skipped`,
  )
  return failed === 0 && report.numPassedTests > 0 ? 0 : 1
}

const args = process.argv.slice(2)
if (args.includes('--help')) console.log(help)
else process.exitCode = await main(wantedBy(args))
