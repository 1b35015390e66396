import { spawn } from 'node:child_process'
import { join } from 'node:path'

// All checks that need no running product. Every step runs, also after a failure; a failed step prints what it found.

const root = join(import.meta.dirname, '..')
const bin = (name: string): string => join(root, 'node_modules', '.bin', name)

type Step = { readonly name: string; readonly command: string; readonly args: readonly string[] }

const projects = [
  'crdt',
  'protocol',
  'search-index',
  'media-server',
  'sync-server',
  'app',
  'app/tsconfig.engine.json',
  'app/tsconfig.worker.json',
  'tsconfig.programs.json',
]

const steps: readonly Step[] = [
  ...projects.map((project) => ({ name: `types: ${project}`, command: bin('tsc'), args: ['-p', project] })),
  {
    name: 'lint',
    command: bin('eslint'),
    args: ['.', '--max-warnings', '0', '--cache', '--cache-location', '.cache/eslint'],
  },
  {
    name: 'format',
    command: bin('prettier'),
    args: ['--check', '.', '--cache', '--cache-location', '.cache/prettier', '--log-level', 'warn'],
  },
  { name: 'dependency rule', command: process.execPath, args: ['commands/check-structure.ts'] },
  { name: 'rule ids of the SPEC.md files', command: process.execPath, args: ['commands/check-rule-ids.ts'] },
  { name: 'docstrings', command: process.execPath, args: ['commands/check-docstrings.ts'] },
  { name: 'paths in the documentation', command: process.execPath, args: ['commands/check-doc-paths.ts'] },
  { name: 'dead code', command: bin('knip'), args: ['--no-progress'] },
  { name: 'bundle budgets', command: process.execPath, args: ['commands/check-budgets.ts'] },
]

const runStep = (step: Step): Promise<{ step: Step; ok: boolean; output: string }> =>
  new Promise((resolve) => {
    const child = spawn(step.command, step.args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    const collect = (data: Buffer): void => void (output += data.toString())
    child.stdout.on('data', collect)
    child.stderr.on('data', collect)
    child.on('error', (error) => resolve({ step, ok: false, output: error.message }))
    child.on('close', (code) => resolve({ step, ok: code === 0, output }))
  })

/** Runs every step, two at a time. Returns whether all passed. */
export const runChecks = async (): Promise<boolean> => {
  const waiting = [...steps]
  let failures = 0
  const work = async (): Promise<void> => {
    for (let step = waiting.shift(); step !== undefined; step = waiting.shift()) {
      const result = await runStep(step)
      console.log(`${result.ok ? 'ok    ' : 'FAILED'} ${step.name}`)
      if (!result.ok) {
        failures += 1
        console.log(result.output.split('\n').slice(0, 80).join('\n'))
      }
    }
  }
  await Promise.all([work(), work()])
  return failures === 0
}
