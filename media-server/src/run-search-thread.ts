import { join } from 'node:path'
import type { MessagePort, Worker } from 'node:worker_threads'
import { ProblemError } from '@tonestead/protocol/problem'
import type { Logger } from 'pino'
import { remotePort } from './platform/remote-port.ts'
import { superviseThread } from './platform/supervised-thread.ts'
import type { Clock } from './ports/clock.ts'
import type { SearchHealth, SearchThread } from './search/search-desk.ts'
import type { SearchEngine } from './search/search-engine.ts'
import { fromSearchThreadSchema, type FromSearchThread, type SearchThreadStart, type ToSearchThread } from './search/search-messages.ts'

export type SearchThreadDeps = {
  readonly dataFolder: string
  /** A new channel to the port `search` of the catalog. */
  readonly searchChannel: () => MessagePort
  readonly clock: Clock
  readonly logger: Logger
}

/** The search index in a thread of its own, kept running. */
export const runSearchThread = (deps: SearchThreadDeps): SearchThread & { readonly stop: () => Promise<void> } => {
  let health: SearchHealth = { kind: 'opening' }
  let remote: ReturnType<typeof remotePort<SearchEngine>> | undefined
  const on = (worker: Worker, message: FromSearchThread): void => {
    if (message.kind === 'state') health = { kind: 'open', state: message.state }
    if (message.kind === 'fault') deps.logger.error({ detail: message.detail }, message.message)
    if (message.kind !== 'channel-wanted') return
    const catalog = deps.searchChannel()
    worker.postMessage({ kind: 'channel', catalog } satisfies ToSearchThread, [catalog])
  }
  const thread = superviseThread({
    program: new URL('./search-thread.ts', import.meta.url),
    // A kept index may be what ended its predecessors.
    data: (early) => {
      const catalog = deps.searchChannel()
      return { value: { folder: join(deps.dataFolder, 'search'), isKeptTrusted: early < 2, catalog } satisfies SearchThreadStart, transfer: [catalog] }
    },
    clock: deps.clock,
    onStart: (worker) => {
      remote = remotePort<SearchEngine>(worker, 'engine')
      worker.on('message', (message: unknown) => {
        const told = fromSearchThreadSchema.safeParse(message)
        if (told.success) on(worker, told.data)
      })
    },
    onEnd: (reason) => {
      remote?.close(new ProblemError('not-ready', 'The search index is being opened.'))
      remote = undefined
      if (health.kind === 'stopped') return
      health = { kind: 'restarting', reason }
      deps.logger.error(`the search thread stopped and is started again: ${reason}`)
    },
  })
  return {
    health: () => health,
    engine: () => remote?.port,
    stop: async () => {
      health = { kind: 'stopped' }
      await thread.stop()
    },
  }
}
