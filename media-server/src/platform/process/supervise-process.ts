import { fork, type ChildProcess } from 'node:child_process'
import type { Clock } from '../../ports/clock.ts'
import { pause } from './pause.ts'
import { exposePort, processChannel } from './remote-port.ts'

const firstPauseMs = 500
const longestPauseMs = 30_000
/** After a run of this length the pause starts again from the first one. */
const stableRunMs = 60_000
const stopTimeoutMs = 8000

export type SupervisedProcess = {
  readonly program: URL | string
  /** Arguments of the program. */
  readonly args?: readonly string[]
  /** Ports that the child may call, by name. */
  readonly ports: Readonly<Record<string, object>>
  /** The first message to every new child. */
  readonly startMessage: unknown
  readonly stopMessage: unknown
  readonly clock: Clock
  onMessage(message: unknown): void
  onEnd(reason: string): void
  /** An error of the process object, such as a message that could not be sent. */
  onError(error: Error): void
}

/** Runs a child process and starts it again whenever it ends, after pauses that double up to 30 s. `stop` ends it for good. */
export const superviseProcess = (options: SupervisedProcess) => {
  const stopping = new AbortController()
  let child: ChildProcess | undefined
  const isStopping = (): boolean => stopping.signal.aborted
  const run = async (): Promise<void> => {
    let pauseMs = firstPauseMs
    for (;;) {
      const startedAt = options.clock.now()
      child = startChild(options)
      const reason = await waitForEnd(child)
      if (isStopping()) return
      options.onEnd(reason)
      pauseMs = options.clock.now() - startedAt > stableRunMs ? firstPauseMs : Math.min(longestPauseMs, pauseMs * 2)
      await pause(options.clock, pauseMs, stopping.signal)
      if (isStopping()) return
    }
  }
  const running = run()
  return {
    /** Does nothing while no child runs: the next child gets the start message. */
    post: (message: unknown): void => {
      if (child?.connected === true) child.send(message as never)
    },
    stop: async (): Promise<void> => {
      stopping.abort()
      if (child?.connected === true) child.send(options.stopMessage as never)
      const timeout = AbortSignal.timeout(stopTimeoutMs)
      timeout.addEventListener('abort', () => child?.kill('SIGKILL'))
      await running
    },
  }
}

const startChild = (options: SupervisedProcess): ChildProcess => {
  const child = fork(options.program, [...(options.args ?? [])], {
    serialization: 'advanced',
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const channel = processChannel(child)
  for (const [name, port] of Object.entries(options.ports)) exposePort(channel, name, port)
  child.on('message', (message: unknown) => {
    if (typeof message === 'object' && message !== null && !('remote' in message)) options.onMessage(message)
  })
  child.on('error', (error) => {
    options.onError(error)
  })
  child.send(options.startMessage as never)
  return child
}

const waitForEnd = (child: ChildProcess): Promise<string> =>
  new Promise((resolve) => {
    child.once('error', (error) => {
      resolve(error.message)
    })
    child.once('close', (code, signal) => {
      resolve(signal === null ? `it ended with code ${code ?? 0}` : `it was ended by ${signal}`)
    })
  })
