// Calls between threads: each call is one message, and so is its result. Values must survive structured cloning.

/** A Worker or a MessagePort. */
export type Channel = {
  postMessage(message: unknown): void
  on(event: 'message', listener: (message: unknown) => void): unknown
}

type Call = { readonly call: number; readonly method: string; readonly args: readonly unknown[] }
type Result =
  | { readonly result: number; readonly value: unknown }
  | { readonly result: number; readonly fault: { readonly message: string; readonly stack: string | undefined } }

/** The methods of a port, whatever their parameters: `never` is assignable to each of them. */
type Methods = Readonly<Record<string, (...args: never[]) => Promise<unknown>>>

const isCall = (message: unknown): message is Call =>
  typeof message === 'object' && message !== null && 'call' in message && 'method' in message
const isResult = (message: unknown): message is Result =>
  typeof message === 'object' && message !== null && 'result' in message

/** Performs the calls that `createCaller` makes at the other end of the channel. */
export const serveCalls = (channel: Channel, methods: Methods): void => {
  channel.on('message', (message) => {
    if (!isCall(message)) return
    const { call: result } = message
    perform(methods, message).then(
      (value) => channel.postMessage({ result, value }),
      (error: unknown) => {
        const { message: text, stack } = error instanceof Error ? error : new Error(String(error))
        channel.postMessage({ result, fault: { message: text, stack } })
      },
    )
  })
}

const perform = async (methods: Methods, { method, args }: Call): Promise<unknown> => {
  const found = Object.hasOwn(methods, method) ? methods[method] : undefined
  if (found === undefined) throw new TypeError(`there is no method ${method}`)
  return Reflect.apply(found, undefined, [...args]) as Promise<unknown>
}

export type Caller = {
  readonly call: (method: string, args: readonly unknown[]) => Promise<unknown>
  /** Rejects all open and later calls: the other end is gone. */
  readonly close: (reason: Error) => void
}

export const createCaller = (channel: Channel): Caller => {
  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (reason: Error) => void }>()
  let next = 1
  let closedBecause: Error | undefined
  channel.on('message', (message) => {
    if (!isResult(message)) return
    const open = waiting.get(message.result)
    waiting.delete(message.result)
    if ('fault' in message) open?.reject(new Error(message.fault.message, { cause: message.fault.stack }))
    else open?.resolve(message.value)
  })
  return {
    call: (method, args) =>
      new Promise((resolve, reject) => {
        if (closedBecause !== undefined) return void reject(closedBecause)
        const call = next
        next += 1
        waiting.set(call, { resolve, reject })
        channel.postMessage({ call, method, args })
      }),
    close: (reason) => {
      closedBecause = reason
      for (const { reject } of waiting.values()) reject(reason)
      waiting.clear()
    },
  }
}
