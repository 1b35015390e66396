import { searchHitSchema, suggestionsSchema } from '@tonestead/protocol/search'
import { z } from 'zod'
import type { LogEntry } from '../../ports/log.ts'
import type { FromSearchWorker, StoredIndex, SearchCall, SearchWorker } from '../../ports/search-worker.ts'

// The page's end of the search worker.

const group = z.object({ hits: z.array(searchHitSchema), hasMore: z.boolean() })
const answerSchema = z
  .object({
    top: searchHitSchema.optional(),
    groups: z.object({ track: group, release: group, artist: group, playlist: group }),
    correction: z.string().optional(),
  })
  .optional()
const itemsSchema = suggestionsSchema.shape.items.optional()

/** The part of a Worker that this client uses. */
export type WorkerThread = Pick<Worker, 'postMessage' | 'terminate'> & Pick<EventTarget, 'addEventListener'>

type Pending = { readonly resolve: (value: unknown) => void; readonly reject: (reason: Error) => void }
type Unsent<Call> = Call extends SearchCall ? Omit<Call, 'id'> : never
type Send = (call: Unsent<SearchCall>, transfer?: Transferable[]) => Promise<unknown>

/** The worker is of the same build as the page, so that its own results are not parsed. Hits and suggestions are parsed: they came from the network. */
export const createSearchWorkerLink = (start: () => WorkerThread, onLog: (entry: LogEntry) => void): SearchWorker => {
  const { send, onStored, onBroken, stop } = connect(start(), onLog)
  let turn: Promise<unknown> = Promise.resolve()
  // One search at a time: a call that was aborted before its turn is never sent.
  const ask = (call: Unsent<SearchCall>, signal: AbortSignal): Promise<unknown> => {
    const asking = turn.then(() => {
      signal.throwIfAborted()
      return send(call)
    })
    // The caller gets the rejection.
    turn = asking.catch(() => undefined)
    return abortable(asking, signal)
  }
  return {
    open: (home) => send({ kind: 'open', ...home }) as Promise<StoredIndex>,
    replace: (snapshot) =>
      send({ kind: 'replace', ...snapshot }, [snapshot.bytes.buffer]) as ReturnType<SearchWorker['replace']>,
    follow: (changes) => send({ kind: 'follow', ...changes }) as ReturnType<SearchWorker['follow']>,
    compact: async (serverId) => void (await send({ kind: 'compact', serverId })),
    search: async (query, signal) => answerSchema.parse(await ask({ kind: 'search', query }, signal)),
    suggest: async (query, signal) => itemsSchema.parse(await ask({ kind: 'suggest', ...query }, signal)),
    touch: async (touched) => void (await send({ kind: 'touch', ...touched })),
    fillOwn: async (part) => void (await send({ kind: 'fill-own', ...part })),
    searchOwn: async (query, signal) => answerSchema.parse(await ask({ kind: 'search-own', query }, signal)),
    suggestOwn: async (query, signal) => itemsSchema.parse(await ask({ kind: 'suggest-own', ...query }, signal)),
    onStored,
    onBroken,
    stop,
  }
}

const connect = (
  worker: WorkerThread,
  onLog: (entry: LogEntry) => void,
): { send: Send } & Pick<SearchWorker, 'onStored' | 'onBroken' | 'stop'> => {
  const waiting = new Map<number, Pending>()
  const storedListeners = new Set<(stored: StoredIndex) => void>()
  const brokenListeners = new Set<() => void>()
  let [calls, isBroken] = [0, false]

  const breakDown = (): void => {
    isBroken = true
    worker.terminate()
    for (const { reject } of waiting.values()) reject(new Error('the search worker has ended'))
    waiting.clear()
  }
  worker.addEventListener('error', () => {
    breakDown()
    brokenListeners.forEach((listener) => listener())
  })
  worker.addEventListener('message', (event) => {
    const { data } = event as MessageEvent<FromSearchWorker>
    if (data.kind === 'stored') return void storedListeners.forEach((listener) => listener(data.stored))
    if (data.kind === 'log') return void onLog(data.entry)
    const pending = waiting.get(data.id)
    waiting.delete(data.id)
    if (data.kind === 'answer') pending?.resolve(data.value)
    else pending?.reject(new Error(data.message))
  })
  return {
    send: (call, transfer = []) =>
      new Promise((resolve, reject) => {
        if (isBroken) return void reject(new Error('the search worker has ended'))
        calls += 1
        waiting.set(calls, { resolve, reject })
        worker.postMessage({ ...call, id: calls }, transfer)
      }),
    onStored: (listener) => void storedListeners.add(listener),
    onBroken: (listener) => void brokenListeners.add(listener),
    stop: breakDown,
  }
}

/** Stops waiting when the signal aborts. */
const abortable = <T>(work: Promise<T>, signal: AbortSignal): Promise<T> =>
  new Promise((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason as Error)
    signal.addEventListener('abort', onAbort, { once: true })
    void work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort))
  })
