// Calls the methods of a port in another thread or process: each call is one message, and so is its result. Values must survive structured cloning.
// An AbortSignal among the arguments is replaced by one on the other side: an abort here aborts there.

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
type Result =
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

const isMessage = (message: unknown): message is Call | Abort | Result =>
  typeof message === 'object' && message !== null && 'remote' in message && 'port' in message

/** Serves a port: performs the calls that `remotePort` with the same name makes at the other end of the channel. */
export const exposePort = (channel: Channel, name: string, port: object): void => {
  const methods = port as Methods
  const running = new Map<number, AbortController>()
  channel.on('message', (message) => {
    if (!isMessage(message) || message.port !== name) return
    if (message.remote === 'abort') running.get(message.id)?.abort()
    if (message.remote === 'call') void perform(message)
  })
  const perform = async (call: Call): Promise<void> => {
    const controller = new AbortController()
    running.set(call.id, controller)
    try {
      const args = call.args.map((argument, index) => (call.signals.includes(index) ? controller.signal : argument))
      // A remote port is a Proxy without own properties, so `Object.hasOwn` cannot be the check: only inherited names are refused.
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

/** Makes an object whose methods call the port at the other end. Pending calls do not notice that the other side has died: `close` rejects them and all later calls. */
// T is what the other side exposes: it cannot be inferred here.
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
      const withoutSignals = args.map((argument, index) => (signals.includes(index) ? undefined : argument))
      send(channel, { remote: 'call', port: name, id, method, args: withoutSignals, signals })
    })
  }
  const close = (reason: Error): void => {
    closedBecause = reason
    for (const pending of waiting.values()) pending.reject(reason)
    waiting.clear()
  }
  return { port: proxyOf(call) as T, close }
}

/** `then` is left out, so that `await` does not take a port for a promise. */
const proxyOf = (call: (method: string, args: readonly unknown[]) => Promise<unknown>): object =>
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

const send = (channel: Channel, message: Call | Abort | Result): void => {
  channel.postMessage(message)
}

const describeError = (error: unknown): RemoteError => {
  const known = error instanceof Error ? error : new Error(String(error))
  const code = 'code' in known && typeof known.code === 'string' ? known.code : undefined
  return { name: known.name, message: known.message, code, stack: known.stack }
}

const rebuildError = (error: RemoteError): Error =>
  Object.assign(new Error(error.message, { cause: error.stack }), {
    name: error.name,
    ...(error.code === undefined ? {} : { code: error.code }),
  })

type Ipc = {
  send?: ((message: never) => boolean) | undefined
  on(event: 'message', listener: (message: unknown) => void): unknown
  connected?: boolean
}

/** A channel to a child process, or to the parent (`process`). The child must be started with `serialization: 'advanced'`, so that bytes arrive as bytes. */
export const processChannel = (ipc: Ipc): Channel => ({
  postMessage: (message) => {
    if (ipc.connected !== false) ipc.send?.(message as never)
  },
  on: (event, listener) => ipc.on(event, listener),
})
