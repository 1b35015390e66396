import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { runningProcesses } from '../harness/child-processes.ts'
import { freePort } from '../harness/server-process.ts'
import { lockDataFolder } from '../media-server/src/platform/files/data-lock.ts'
import { temporaryFolder } from '../harness/temporary-folder.ts'

const root = join(import.meta.dirname, '..')

let folder: Awaited<ReturnType<typeof temporaryFolder>>
let npm: ChildProcess
let printed: string
let tree: readonly number[]
let ended: Promise<number | null>

/** This process and all below it. */
const treeOf = (pid: number): number[] => [
  pid,
  ...runningProcesses()
    .filter(({ parent }) => parent === pid)
    .flatMap((child) => treeOf(child.pid)),
]
const running = (): number[] => {
  const pids = new Set(runningProcesses().map(({ pid }) => pid))
  return tree.filter((pid) => pids.has(pid))
}
const expectCleanStop = async (): Promise<void> => {
  expect(await ended).toBe(0)
  expect(running()).toEqual([])
  // Throws when the lock is still held.
  lockDataFolder(folder.path).release()
}

beforeEach(async () => {
  folder = await temporaryFolder('npm-start')
  printed = ''
  npm = spawn('npm', ['start', '--', '--no-demo', '--data', folder.path, '--port', String(await freePort())], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    // Lets the test end everything when it fails.
    detached: true,
  })
  ended = once(npm, 'close').then(([code]) => code as number | null)
  for (const stream of [npm.stdout, npm.stderr]) stream?.on('data', (data: Buffer) => void (printed += data.toString()))
  await expect.poll(() => printed, { timeout: 60_000 }).toContain('Tonestead ready at')
  tree = treeOf(npm.pid ?? -1)
  // npm, the server, the ingest worker, the relay.
  expect(tree.length).toBeGreaterThanOrEqual(4)
})
afterEach(async () => {
  for (const pid of running()) process.kill(pid, 'SIGKILL')
  await folder[Symbol.asyncDispose]()
})

describe.skipIf(process.platform === 'win32').each(['SIGTERM', 'SIGINT'] as const)('%s', (signal) => {
  test('to npm alone ends the server and its worker, and the data folder is free again', async () => {
    npm.kill(signal)
    await expectCleanStop()
  })

  test('to every process, as from a terminal or from systemd, is one request to stop', async () => {
    process.kill(-(npm.pid ?? 0), signal)
    await expectCleanStop()
  })
})
