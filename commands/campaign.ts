import { runNamedProgram } from './named-program.ts'

await runNamedProgram('campaign', ['../campaigns/'])
