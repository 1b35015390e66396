import { MessageChannel, type MessagePort } from 'node:worker_threads'
import { afterEach, describe, expect, test } from 'vitest'
import { ProblemError } from '@tonestead/protocol/problem'
import { exposePort, remotePort } from './remote-port.ts'

type Store = { double(value: number): Promise<number>; fail(): Promise<void>; wait(signal: AbortSignal): Promise<string> }

const store: Store = {
  double: (value) => Promise.resolve(2 * value),
  fail: () => Promise.reject(new ProblemError('storage-full')),
  wait: (signal) => new Promise((resolve) => signal.addEventListener('abort', () => resolve('aborted'))),
}

describe('a port called by messages', () => {
  const open: MessagePort[] = []
  afterEach(() => open.splice(0).forEach((port) => port.close()))
  const connect = (served: object): Store => {
    const { port1, port2 } = new MessageChannel()
    open.push(port1, port2)
    exposePort(port1, 'store', served)
    return remotePort<Store>(port2, 'store').port
  }

  test('a call brings back its value', async () => {
    expect(await connect(store).double(21)).toBe(42)
  })

  test('a fault keeps its code', async () => {
    await expect(connect(store).fail()).rejects.toMatchObject({ code: 'storage-full' })
  })

  test('an abort here aborts there', async () => {
    const controller = new AbortController()
    const waiting = connect(store).wait(controller.signal)
    setTimeout(() => controller.abort(), 10)
    expect(await waiting).toBe('aborted')
  })

  test('a port that is remote itself can be handed on', async () => {
    expect(await connect(connect(store)).double(4)).toBe(8)
  })

  test.each(['constructor', 'toString', '__proto__', 'nothing'])('%s is no method of a port', async (name) => {
    const remote = connect(store) as unknown as Record<string, () => Promise<unknown>>
    await expect(remote[name]?.()).rejects.toThrow('has no method')
  })
})
