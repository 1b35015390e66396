import { runNamedProgram } from './named-program.ts'

await runNamedProgram('bench', ['../bench/'])
