import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp } from 'node:fs/promises'
import { join } from 'node:path'
import { startRelayProcess, writeTestRelayKey } from '../../sync-server/src/relay-process.testkit.ts'
import { testRelayKey } from '../../sync-server/src/relay/memory-relay.testkit.ts'
import type { ProgramRun } from '../../harness/run-to-end.ts'
import { startCountingProxy } from './counting-proxy.ts'
import type { FromDevice, ToDevice } from './edit-messages.ts'

/** A system under test: a server, and devices that have one list open, each a process of its own. */
export type EditPeer = {
  readonly name: string
  /** What is durable, and when. */
  readonly durability: string
  readonly startServer: (run: ProgramRun) => Promise<Server>
}
type Server = {
  readonly url: string
  /** The program of a device, and its arguments: the address of the server comes before them. */
  readonly device: string
  readonly args: readonly string[]
  readonly close: () => Promise<unknown>
}

/** A list that the first device began. */
export type OpenList = {
  readonly writer: ChildProcess
  /** Another device opens the list; `listen` takes what it says from the beginning. Resolves when it is open. */
  readonly join: (listen: (message: FromDevice) => void) => Promise<void>
  /** Bytes between devices and server until now, both directions. */
  readonly bytes: () => number
  /** Ends the server and all devices. */
  readonly close: () => Promise<void>
}

const answerLimitMs = 120_000
const programOf = (name: string): string => join(import.meta.dirname, 'peers', `${name}.main.ts`)

const startProgram = (run: ProgramRun, name: string, args: readonly string[]): ChildProcess => {
  const child = fork(programOf(name), args, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  run.onEnd(() => child.kill())
  return child
}

/** The first message of a program that the condition takes. */
const messageOf = <T>(child: ChildProcess, isIt: (message: T) => boolean): Promise<T> =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('a program of the benchmark does not answer')), answerLimitMs)
    child.on('message', (message) => {
      if (!isIt(message as T)) return
      clearTimeout(timer)
      resolve(message as T)
    })
    child.once('exit', (code) => reject(new Error(`a program of the benchmark ended with ${code}`)))
  })

const openDevice = async (child: ChildProcess): Promise<string> => {
  const ready = await messageOf<FromDevice>(child, ({ kind }) => kind === 'ready')
  return ready.kind === 'ready' ? ready.document : ''
}

export const openList = async (run: ProgramRun, peer: EditPeer): Promise<OpenList> => {
  const server = await peer.startServer(run)
  const url = new URL(server.url)
  const proxy = await startCountingProxy(Number(url.port))
  url.port = String(proxy.port)
  const devices: ChildProcess[] = []
  const start = (...more: readonly string[]): ChildProcess => {
    const child = startProgram(run, server.device, [url.href, ...server.args, ...more])
    devices.push(child)
    return child
  }
  const writer = start()
  const document = await openDevice(writer)
  return {
    writer,
    join: async (listen) => {
      const child = start(document, String(devices.length - 1))
      child.on('message', listen)
      await openDevice(child)
    },
    bytes: proxy.bytes,
    close: async () => {
      await endAll(devices)
      proxy.close()
      await server.close()
    },
  }
}

/** Adds entries at the end of the list. */
export const fillList = async ({ writer }: OpenList, count: number): Promise<void> => {
  const filled = messageOf<FromDevice>(writer, ({ kind }) => kind === 'filled')
  writer.send({ kind: 'fill', count } satisfies ToDevice)
  await filled
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
  startServer: async (run) => {
    const data = await newFolder(run)
    await writeTestRelayKey(data)
    const relay = await startRelayProcess(['--open', '--limits', '1000', '--data', data])
    run.onEnd(relay.kill)
    const { publicKey } = await testRelayKey()
    return { url: relay.url, device: 'tonestead-device', args: [publicKey.x], close: relay.kill }
  },
}

const withServer = (name: string, durability: string): EditPeer => ({
  name,
  durability,
  startServer: async (run) => {
    const server = startProgram(run, `${name}-server`, [await newFolder(run)])
    const { url } = await messageOf<{ readonly url: string }>(server, () => true)
    return { url, device: `${name}-device`, args: [], close: () => endAll([server]) }
  },
})

/** Others that merge edits of a list, each over its own WebSocket server. */
export const others: readonly EditPeer[] = [
  withServer('automerge-repo', 'files at the server, no fsync, after others see it'),
  withServer('yjs', 'nothing'),
]
