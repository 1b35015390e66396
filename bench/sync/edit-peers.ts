import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp } from 'node:fs/promises'
import { join } from 'node:path'
import { startRelayProcess, writeTestRelayKey } from '../../sync-server/src/relay-process.testkit.ts'
import { testRelayKey } from '../../sync-server/src/relay/memory-relay.testkit.ts'
import type { ProgramRun } from '../../harness/run-to-end.ts'
import type { FromDevice } from './edit-messages.ts'

/** A system under test: a server and two devices that have the list open, each a process of its own. */
export type EditPeer = {
  readonly name: string
  /** What is durable, and when. */
  readonly durability: string
  readonly open: (run: ProgramRun) => Promise<EditPair>
}
export type EditPair = {
  readonly writer: ChildProcess
  readonly reader: ChildProcess
  /** Ends the server and both devices. */
  readonly close: () => Promise<void>
}

const startLimitMs = 30_000
const programOf = (name: string): string => join(import.meta.dirname, 'peers', `${name}.main.ts`)

const startProgram = (run: ProgramRun, name: string, args: readonly string[]): ChildProcess => {
  const child = fork(programOf(name), args, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  run.onEnd(() => child.kill())
  return child
}

/** The first message of a program. */
const firstMessage = <T>(child: ChildProcess): Promise<T> =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('a program of the benchmark does not start')), startLimitMs)
    child.once('message', (message) => {
      clearTimeout(timer)
      resolve(message as T)
    })
    child.once('exit', (code) => reject(new Error(`a program of the benchmark ended with ${code}`)))
  })

const openPair = async (run: ProgramRun, program: string, args: readonly string[]): Promise<EditPair> => {
  const writer = startProgram(run, program, args)
  const ready = await firstMessage<FromDevice>(writer)
  if (ready.kind !== 'ready') throw new Error('a device did not become ready')
  const reader = startProgram(run, program, [...args, ready.document])
  await firstMessage<FromDevice>(reader)
  return { writer, reader, close: () => endAll([writer, reader]) }
}

const endAll = async (children: readonly ChildProcess[]): Promise<void> => {
  for (const child of children) {
    if (child.exitCode !== null) continue
    const ended = once(child, 'exit')
    child.kill()
    await ended
  }
}

/** A new folder for each server. */
const newFolder = (run: ProgramRun): Promise<string> => mkdtemp(join(run.folder, 'server-'))

export const ours: EditPeer = {
  name: 'tonestead',
  durability: 'fsync at the relay before others see it',
  open: async (run) => {
    const data = await newFolder(run)
    await writeTestRelayKey(data)
    const relay = await startRelayProcess(['--open', '--limits', '1000', '--data', data])
    run.onEnd(relay.kill)
    const pair = await openPair(run, 'tonestead-device', [relay.url, (await testRelayKey()).publicKey.x])
    const close = async (): Promise<void> => {
      await pair.close()
      await relay.kill()
    }
    return { ...pair, close }
  },
}

const withServer = (name: string, durability: string): EditPeer => ({
  name,
  durability,
  open: async (run) => {
    const server = startProgram(run, `${name}-server`, [await newFolder(run)])
    const { url } = await firstMessage<{ readonly url: string }>(server)
    const pair = await openPair(run, `${name}-device`, [url])
    return { ...pair, close: () => endAll([pair.writer, pair.reader, server]) }
  },
})

/** Others that merge edits of a list, each over its own WebSocket server. */
export const others: readonly EditPeer[] = [
  withServer('automerge-repo', 'files at the server, no fsync, after others see it'),
  withServer('yjs', 'nothing'),
]
