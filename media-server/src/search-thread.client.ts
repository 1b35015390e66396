import type { MessagePort, Worker } from 'node:worker_threads'
import { ProblemError } from '@tonestead/protocol/problem'
import type { Logger } from 'pino'
import { remotePort } from './platform/process/remote-port.ts'
import { superviseThread } from './platform/process/supervise-thread.ts'
import type { Clock } from './ports/clock.ts'
import type { SearchHealth, SearchThread } from './search/search-gateway.ts'
import type { SearchEngine } from './search/search-engine.ts'
import {
  fromSearchThreadSchema,
  type FromSearchThread,
  type IndexState,
  type SearchThreadStart,
  type ToSearchThread,
} from './search/search-thread-messages.ts'

export type SearchThreadDeps = {
  readonly dataFolder: string
  /** Opens a new channel to the port `search` of the catalog. */
  readonly searchChannel: () => MessagePort
  readonly clock: Clock
  readonly logger: Logger
}

type ThreadState = { readonly remote: ReturnType<typeof remotePort<SearchEngine>>; state: IndexState | undefined }
type Threads = Map<Worker, ThreadState>

/** Runs the search index in a thread of its own: started again when it ends, replaced by a successor when a new build is there. */
export const startSearchThread = (deps: SearchThreadDeps): SearchThread & { readonly stop: () => Promise<void> } => {
  const threads: Threads = new Map()
  let isStopped = false
  let lastEnd: string | undefined
  const thread = superviseThread({
    program: new URL('./search-thread.main.ts', import.meta.url),
    startData: (start) => startData(deps, start),
    clock: deps.clock,
    onStart: (worker) => {
      connect(threads, worker, (message) => {
        handleMessage(deps, { thread, threads, worker }, message)
      })
    },
    onEnd: (reason) => {
      lastEnd = reason
      if (!isStopped) deps.logger.error(`the search thread stopped and is started again: ${reason}`)
    },
  })
  const current = (): ThreadState | undefined => {
    const worker = thread.current()
    return worker === undefined ? undefined : threads.get(worker)
  }
  return {
    health: (): SearchHealth => {
      if (isStopped) return { kind: 'stopped' }
      const state = current()?.state
      if (state !== undefined)
        return { kind: 'open', state: { ...state, isBuilding: state.isBuilding || thread.hasSuccessor() } }
      return lastEnd === undefined ? { kind: 'opening' } : { kind: 'restarting', reason: lastEnd }
    },
    engine: () => current()?.remote.port,
    stop: async () => {
      isStopped = true
      await thread.stop()
    },
  }
}

const startData = (
  deps: SearchThreadDeps,
  { earlyEnds, isSuccessor }: { readonly earlyEnds: number; readonly isSuccessor: boolean },
) => {
  const catalog = deps.searchChannel()
  // After two early ends the stored index is suspected: it may be what crashed the threads.
  const isStoredIndexTrusted = earlyEnds < 2
  const value: SearchThreadStart = { dataFolder: deps.dataFolder, isStoredIndexTrusted, isSuccessor, catalog }
  return { value, transfer: [catalog] }
}

/** Subscribes to a new thread and makes its port callable until the thread ends. */
const connect = (threads: Threads, worker: Worker, onMessage: (message: FromSearchThread) => void): void => {
  const remote = remotePort<SearchEngine>(worker, 'engine')
  threads.set(worker, { remote, state: undefined })
  worker.on('message', (message: unknown) => {
    // Results of port calls arrive on the same channel: they are no messages of this schema.
    const parsed = fromSearchThreadSchema.safeParse(message)
    if (parsed.success) onMessage(parsed.data)
  })
  worker.once('exit', () => {
    threads.delete(worker)
    remote.close(new ProblemError('not-ready', 'The search index is being opened.'))
  })
}

type Context = {
  readonly thread: ReturnType<typeof superviseThread>
  readonly threads: Threads
  readonly worker: Worker
}

const handleMessage = (
  deps: SearchThreadDeps,
  { thread, threads, worker }: Context,
  message: FromSearchThread,
): void => {
  switch (message.kind) {
    case 'fault':
      deps.logger.error({ detail: message.detail }, message.message)
      return
    case 'built':
      thread.startSuccessor()
      return
    case 'state': {
      const known = threads.get(worker)
      if (known === undefined) return
      known.state = message.state
      thread.markReady(worker)
      return
    }
    case 'channel-request': {
      const catalog = deps.searchChannel()
      worker.postMessage({ kind: 'channel', catalog } satisfies ToSearchThread, [catalog])
    }
  }
}
