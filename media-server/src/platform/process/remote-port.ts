// A port called from another thread or process: every method becomes a message and its answer. Values must survive structured cloning.
// AbortSignals among the arguments are followed: an abort here aborts there.

/** A MessagePort, a Worker, or a child process wrapped by `processChannel`. */
export type Channel = {
  postMessage(message: unknown): void
  on(event: 'message', listener: (message: unknown) => void): unknown
}

type Call = {
  readonly remote: 'call'
  readonly port: string
  readonly id: number
  readonly method: string
  readonly args: readonly unknown[]
  readonly signals: readonly number[]
}
type Abort = { readonly remote: 'abort'; readonly port: string; readonly id: number }
type Answer =
  | { readonly remote: 'value'; readonly port: string; readonly id: number; readonly value: unknown }
  | { readonly remote: 'error'; readonly port: string; readonly id: number; readonly error: RemoteError }
type RemoteError = {
  readonly name: string
  readonly message: string
  readonly code: string | undefined
  readonly stack: string | undefined
}

// A port's methods have all kinds of parameters; only `any` accepts them.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Method = (...args: any[]) => unknown
type Methods = Readonly<Record<string, Method>>

const isMessage = (message: unknown): message is Call | Abort | Answer =>
  typeof message === 'object' && message !== null && 'remote' in message && 'port' in message

/** Answers the calls that `remotePort` of the same name makes at the other end. */
export const exposePort = (channel: Channel, name: string, port: object): void => {
  const methods = port as Methods
  const running = new Map<number, AbortController>()
  channel.on('message', (message) => {
    if (!isMessage(message) || message.port !== name) return
    if (message.remote === 'abort') running.get(message.id)?.abort()
    if (message.remote === 'call') void answer(message)
  })
  const answer = async (call: Call): Promise<void> => {
    const controller = new AbortController()
    running.set(call.id, controller)
    try {
      const args = call.args.map((argument, index) => (call.signals.includes(index) ? controller.signal : argument))
      // A port may itself be remote, and then owns no property: what every object inherits is all that is kept out.
      const method = call.method in Object.prototype ? undefined : methods[call.method]
      if (method === undefined) throw new TypeError(`${name} has no method ${call.method}`)
      send(channel, { remote: 'value', port: name, id: call.id, value: await method(...args) })
    } catch (error) {
      send(channel, { remote: 'error', port: name, id: call.id, error: describeError(error) })
    } finally {
      running.delete(call.id)
    }
  }
}

/** Speaks a port over a channel. Methods not awaited to the end stay unanswered when the other side dies: `close` rejects them, and all later calls. */
// T says what the other side exposes: nothing here could infer it.
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters
export const remotePort = <T extends object>(
  channel: Channel,
  name: string,
): { readonly port: T; readonly close: (reason: Error) => void } => {
  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>()
  let nextId = 1
  let closedBecause: Error | undefined
  channel.on('message', (message) => {
    if (!isMessage(message) || message.port !== name || (message.remote !== 'value' && message.remote !== 'error'))
      return
    const call = waiting.get(message.id)
    waiting.delete(message.id)
    if (message.remote === 'value') call?.resolve(message.value)
    else call?.reject(rebuildError(message.error))
  })
  const call = (method: string, args: readonly unknown[]): Promise<unknown> => {
    if (closedBecause !== undefined) return Promise.reject(closedBecause)
    const id = nextId
    nextId += 1
    const signals = args.flatMap((argument, index) => (argument instanceof AbortSignal ? [index] : []))
    return new Promise((resolve, reject) => {
      waiting.set(id, { resolve, reject })
      const stop = followSignals(args, () => {
        send(channel, { remote: 'abort', port: name, id })
      })
      waiting.set(id, {
        resolve: (value) => {
          stop()
          resolve(value)
        },
        reject: (error) => {
          stop()
          reject(error)
        },
      })
      const plain = args.map((argument, index) => (signals.includes(index) ? undefined : argument))
      send(channel, { remote: 'call', port: name, id, method, args: plain, signals })
    })
  }
  const close = (reason: Error): void => {
    closedBecause = reason
    for (const pending of waiting.values()) pending.reject(reason)
    waiting.clear()
  }
  return { port: methodsOf(call) as T, close }
}

/** `then` is left out, so that a port can be returned from an async function. */
const methodsOf = (call: (method: string, args: readonly unknown[]) => Promise<unknown>): object =>
  new Proxy(
    {},
    {
      get: (_, method) =>
        typeof method === 'string' && method !== 'then' ? (...args: unknown[]) => call(method, args) : undefined,
    },
  )

const followSignals = (args: readonly unknown[], onAbort: () => void): (() => void) => {
  const signals = args.filter((argument) => argument instanceof AbortSignal)
  for (const signal of signals) {
    if (signal.aborted) queueMicrotask(onAbort)
    else signal.addEventListener('abort', onAbort, { once: true })
  }
  return () => {
    for (const signal of signals) signal.removeEventListener('abort', onAbort)
  }
}

/** A channel whose other end is gone throws: the caller learns of it through `close`. */
const send = (channel: Channel, message: Call | Abort | Answer): void => {
  channel.postMessage(message)
}

const describeError = (error: unknown): RemoteError => {
  const known = error instanceof Error ? error : new Error(String(error))
  const code = 'code' in known && typeof known.code === 'string' ? known.code : undefined
  return { name: known.name, message: known.message, code, stack: known.stack }
}

const rebuildError = (told: RemoteError): Error =>
  Object.assign(new Error(told.message, { cause: told.stack }), {
    name: told.name,
    ...(told.code === undefined ? {} : { code: told.code }),
  })

type Ipc = {
  send?: ((message: never) => boolean) | undefined
  on(event: 'message', listener: (message: unknown) => void): unknown
  connected?: boolean
}

/** Child process or `process` itself, started with `serialization: 'advanced'` so that byte strings pass. */
export const processChannel = (ipc: Ipc): Channel => ({
  postMessage: (message) => {
    if (ipc.connected !== false) ipc.send?.(message as never)
  },
  on: (event, listener) => ipc.on(event, listener),
})
