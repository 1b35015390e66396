import { buildApp } from './build-app.ts'
import { runNamedProgram } from './named-program.ts'

// Benches run the real server with the built app. What the build prints is no row of --json, so it goes to stderr.
const write = process.stdout.write.bind(process.stdout)
process.stdout.write = process.stderr.write.bind(process.stderr)
await buildApp()
process.stdout.write = write
await runNamedProgram('bench', ['../bench/'])
