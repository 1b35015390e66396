export const help = `npm test -- [options] [vitest filters]
  --unit        only unit tests: nothing is installed, looked for or built, and no checks run
  --journeys    only the journeys in the real browser, after the checks
  --no-checks   leave out the checks (npm run check)
Without an option: checks, unit tests, integration tests (real programs, no browser), journeys.
Variables: TONESTEAD_CHROMIUM, TONESTEAD_FIREFOX, FFMPEG_PATH, TONESTEAD_TEST_MEDIA (default ../shared/media)`

export type TestOptions = {
  readonly projects: 'all' | 'unit' | 'journeys'
  readonly hasChecks: boolean
  /** The rest goes to Vitest: names of files, and its own options. */
  readonly filters: readonly string[]
}

export const readTestOptions = (args: readonly string[]): TestOptions => {
  const projects = args.includes('--unit') ? 'unit' : args.includes('--journeys') ? 'journeys' : 'all'
  return {
    projects,
    hasChecks: projects !== 'unit' && !args.includes('--no-checks'),
    filters: args.filter((argument) => !['--no-checks', '--unit', '--journeys'].includes(argument)),
  }
}
