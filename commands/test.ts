import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { buildApp } from './build-app.ts'
import { runChecks } from './run-checks.ts'
import { findTools } from './find-tools.ts'
import { help, readTestOptions, type TestOptions } from './test-options.ts'

// npm test: checks, unit tests, integration tests, journeys. Installs the programs that are missing, or says which tests are skipped.

const root = join(import.meta.dirname, '..')
const reportFile = join(root, '.cache', 'tests.json')

const reportSchema = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numPendingTests: z.number(),
  numTodoTests: z.number(),
})

const vitestProjects: Readonly<Record<TestOptions['projects'], readonly string[]>> = {
  all: [],
  unit: ['--project=unit'],
  journeys: ['--project=journeys', '--project=journeys-serial'],
}

const main = async ({ projects, hasChecks, filters }: TestOptions): Promise<number> => {
  const environment = projects === 'unit' ? {} : await findEnvironment()
  const checksPassed = !hasChecks || (await runChecks())
  if (projects !== 'unit') await buildApp()
  await mkdir(join(root, '.cache'), { recursive: true })
  // Files that tests leave behind, also when they are killed, are removed with this folder.
  const temporary = await mkdtemp(join(tmpdir(), 'tonestead-tests-'))
  // PostgreSQL refuses to run as root. As another user it has to reach its own folder in this one.
  await chmod(temporary, 0o711)
  await rm(reportFile, { force: true })
  const code = await runVitest([...vitestProjects[projects], ...filters], { ...environment, TMPDIR: temporary })
  await rm(temporary, { recursive: true, force: true, maxRetries: 3 })
  const report = reportSchema.parse(JSON.parse(await readFile(reportFile, 'utf8')))
  if (!checksPassed) console.log('The checks FAILED (see above).')
  if (report.numPassedTests + report.numFailedTests === 0) console.log('No test ran.')
  const failed = report.numFailedTests + (checksPassed ? 0 : 1) + (code !== 0 && report.numFailedTests === 0 ? 1 : 0)
  const skipped = report.numPendingTests + report.numTodoTests
  console.log(`\n${report.numPassedTests} passed, ${failed} failed, ${skipped} skipped`)
  return failed === 0 && report.numPassedTests > 0 ? 0 : 1
}

/** Variables for the tests. A test whose variable is absent is skipped. */
const findEnvironment = async (): Promise<Record<string, string>> => {
  const found = await findTools(['chromium', 'firefox', 'ffmpeg'], console.log)
  const media = process.env['TONESTEAD_TEST_MEDIA'] ?? join(root, '..', 'shared', 'media')
  console.log(existsSync(media) ? `Test media: ${media}` : 'Test media: none, tests run on synthesized sound')
  return { ...found, TONESTEAD_TEST_MEDIA: media }
}

const runVitest = (args: readonly string[], environment: Record<string, string>): Promise<number> =>
  new Promise((resolve, reject) => {
    const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs')
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${reportFile}`]
    const child = spawn(process.execPath, [vitest, 'run', ...reporters, ...args], {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, ...environment },
    })
    child.on('error', reject)
    child.on('close', (code) => resolve(code ?? 1))
  })

const args = process.argv.slice(2)
if (args.includes('--help')) console.log(help)
else process.exitCode = await main(readTestOptions(args))
