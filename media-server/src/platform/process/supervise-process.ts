import { fork, type ChildProcess } from 'node:child_process'
import type { Clock } from '../../ports/clock.ts'
import { exposePort, processChannel } from './remote-port.ts'

const firstPauseMs = 500
const longestPauseMs = 30_000
/** Having run so long, the next end counts as a first one. */
const settledMs = 60_000
const stopPatienceMs = 8000

export type Supervised = {
  readonly program: URL
  /** What the child may call. */
  readonly ports: Readonly<Record<string, object>>
  /** Told to every new child. */
  readonly greeting: unknown
  readonly farewell: unknown
  readonly clock: Clock
  onMessage(message: unknown): void
  onEnd(reason: string): void
}

/** A child process that is started anew when it dies, with pauses that grow; `stop` ends it for good. */
export const superviseChild = (options: Supervised) => {
  const stopping = new AbortController()
  let child: ChildProcess | undefined
  const isStopping = (): boolean => stopping.signal.aborted
  const run = async (): Promise<void> => {
    let pauseMs = firstPauseMs
    for (;;) {
      const startedAt = options.clock.now()
      child = startChild(options)
      const reason = await untilEnd(child)
      if (isStopping()) return
      options.onEnd(reason)
      pauseMs = options.clock.now() - startedAt > settledMs ? firstPauseMs : Math.min(longestPauseMs, pauseMs * 2)
      await options.clock.after(pauseMs, stopping.signal).catch(() => undefined)
      if (isStopping()) return
    }
  }
  const running = run()
  return {
    /** Ignored while there is no child: the next one begins from the greeting. */
    tell: (message: unknown): void => {
      if (child?.connected === true) child.send(message as never)
    },
    stop: async (): Promise<void> => {
      stopping.abort()
      if (child?.connected === true) child.send(options.farewell as never)
      const killer = AbortSignal.timeout(stopPatienceMs)
      killer.addEventListener('abort', () => child?.kill('SIGKILL'))
      await running
    },
  }
}

const startChild = (options: Supervised): ChildProcess => {
  const child = fork(options.program, { serialization: 'advanced', stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  const channel = processChannel(child)
  for (const [name, port] of Object.entries(options.ports)) exposePort(channel, name, port)
  child.on('message', (message: unknown) => {
    if (typeof message === 'object' && message !== null && !('remote' in message)) options.onMessage(message)
  })
  // A child that is gone is noticed by its end; a message that then fails is no fault of its own.
  child.on('error', () => undefined)
  child.send(options.greeting as never)
  return child
}

const untilEnd = (child: ChildProcess): Promise<string> =>
  new Promise((resolve) => {
    child.once('error', (error) => {
      resolve(error.message)
    })
    child.once('close', (code, signal) => {
      resolve(signal === null ? `it ended with code ${code ?? 0}` : `it was ended by ${signal}`)
    })
  })
