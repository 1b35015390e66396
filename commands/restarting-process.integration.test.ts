import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { startRestartingProcess, type RestartingProcess } from './restarting-process.ts'

let folder: string
let running: RestartingProcess
let restarts: string[]

const output = () => readFile(join(folder, 'output'), 'utf8').catch(() => '')
const program = (text: string): string =>
  `require('node:fs').appendFileSync('output', '${text}\\n'); setInterval(() => undefined, 1000)`

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tonestead-restart-'))
  await writeFile(join(folder, 'program.cjs'), program('one'))
  restarts = []
  running = startRestartingProcess({
    args: ['program.cjs'],
    cwd: folder,
    sources: [folder],
    onRestart: (file) => restarts.push(file),
  })
  await expect.poll(output, { timeout: 20_000 }).toBe('one\n')
})
afterEach(async () => {
  await running.stop('SIGTERM')
  await rm(folder, { recursive: true, force: true })
})

test('a change of a source starts the program again', async () => {
  await writeFile(join(folder, 'program.cjs'), program('two'))
  await writeFile(join(folder, 'source.ts'), '')
  await expect.poll(output, { timeout: 20_000 }).toBe('one\ntwo\n')
  expect(restarts).toEqual(['source.ts'])
})

test('a change of a test or of another file does not', async () => {
  await writeFile(join(folder, 'source.test.ts'), '')
  await writeFile(join(folder, 'notes.md'), '')
  // Events come in order: when the last one has restarted the program, the earlier ones have been read.
  await writeFile(join(folder, 'last.ts'), '')
  await expect.poll(output, { timeout: 20_000 }).toBe('one\none\n')
  expect(restarts).toEqual(['last.ts'])
})
