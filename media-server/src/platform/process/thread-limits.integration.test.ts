import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Worker } from 'node:worker_threads'
import { expect, it } from 'vitest'
import { systemClock } from '../system-clock.ts'
import { superviseThread } from './supervise-thread.ts'
import { threadLimits } from './thread-limits.ts'

it('a supervised thread has a bounded young generation', async () => {
  const started: Worker[] = []
  const program = "import { parentPort } from 'node:worker_threads'; parentPort.on('message', () => parentPort.close())"
  const thread = superviseThread({
    program: new URL(`data:text/javascript,${encodeURIComponent(program)}`),
    startData: () => ({ value: undefined, transfer: [] }),
    clock: systemClock,
    onStart: (worker) => void started.push(worker),
    onEnd: () => undefined,
  })
  expect(started.map((worker) => worker.resourceLimits)).toMatchObject([threadLimits])
  await thread.stop()
})

it.each(['package.json', 'deploy/tonestead.service', 'deploy/Containerfile'])(
  '%s starts the server with the same bound for its main thread',
  async (file) => {
    const text = await readFile(join(import.meta.dirname, '../../../..', file), 'utf8')
    expect(text).toMatch(/node"?,? "?--max-semi-space-size=8\b/)
  },
)
