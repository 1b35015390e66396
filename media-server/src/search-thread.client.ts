import { join } from 'node:path'
import type { MessagePort, Worker } from 'node:worker_threads'
import { ProblemError } from '@tonestead/protocol/problem'
import type { Logger } from 'pino'
import { remotePort } from './platform/process/remote-port.ts'
import { superviseThread } from './platform/process/supervised-thread.ts'
import type { Clock } from './ports/clock.ts'
import type { SearchHealth, SearchThread } from './search/search-gateway.ts'
import type { SearchEngine } from './search/search-engine.ts'
import {
  fromSearchThreadSchema,
  type FromSearchThread,
  type IndexState,
  type SearchThreadStart,
  type ToSearchThread,
} from './search/search-messages.ts'

export type SearchThreadDeps = {
  readonly dataFolder: string
  /** A new channel to the port `search` of the catalog. */
  readonly searchChannel: () => MessagePort
  readonly clock: Clock
  readonly logger: Logger
}

type Known = { readonly remote: ReturnType<typeof remotePort<SearchEngine>>; state: IndexState | undefined }

/** The search index in a thread of its own, kept running, and replaced by one that has opened a new build. */
export const startSearchThread = (deps: SearchThreadDeps): SearchThread & { readonly stop: () => Promise<void> } => {
  const threads = new Map<Worker, Known>()
  let isStopped = false
  let lastEnd: string | undefined
  const current = (): Known | undefined => {
    const worker = thread.current()
    return worker === undefined ? undefined : threads.get(worker)
  }
  const on = (worker: Worker, message: FromSearchThread): void => {
    const known = threads.get(worker)
    if (message.kind === 'fault') deps.logger.error({ detail: message.detail }, message.message)
    if (message.kind === 'built') thread.prepareSuccessor()
    if (message.kind === 'state' && known !== undefined) {
      known.state = message.state
      thread.isAtWork(worker)
    }
    if (message.kind !== 'channel-wanted') return
    const catalog = deps.searchChannel()
    worker.postMessage({ kind: 'channel', catalog } satisfies ToSearchThread, [catalog])
  }
  const follow = (worker: Worker): void => {
    const remote = remotePort<SearchEngine>(worker, 'engine')
    threads.set(worker, { remote, state: undefined })
    worker.on('message', (message: unknown) => {
      const told = fromSearchThreadSchema.safeParse(message)
      if (told.success) on(worker, told.data)
    })
    worker.once('exit', () => {
      threads.delete(worker)
      remote.close(new ProblemError('not-ready', 'The search index is being opened.'))
    })
  }
  const thread = superviseThread({
    program: new URL('./search-thread.main.ts', import.meta.url),
    data: ({ early, isSuccessor }) => {
      const catalog = deps.searchChannel()
      // A kept index may be what ended its predecessors.
      return {
        value: {
          folder: join(deps.dataFolder, 'search'),
          isKeptTrusted: early < 2,
          isSuccessor,
          catalog,
        } satisfies SearchThreadStart,
        transfer: [catalog],
      }
    },
    clock: deps.clock,
    onStart: follow,
    onEnd: (reason) => {
      lastEnd = reason
      if (!isStopped) deps.logger.error(`the search thread stopped and is started again: ${reason}`)
    },
  })
  const health = (): SearchHealth => {
    if (isStopped) return { kind: 'stopped' }
    const state = current()?.state
    if (state !== undefined)
      return { kind: 'open', state: { ...state, isBuilding: state.isBuilding || thread.hasSuccessor() } }
    return lastEnd === undefined ? { kind: 'opening' } : { kind: 'restarting', reason: lastEnd }
  }
  return {
    health,
    engine: () => current()?.remote.port,
    stop: async () => {
      isStopped = true
      await thread.stop()
    },
  }
}
