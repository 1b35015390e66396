import { runChecks } from './run-checks.ts'

// npm run check

process.exitCode = (await runChecks()) ? 0 : 1
