import { MessageChannel } from 'node:worker_threads'
import { ProblemError } from '@tonestead/protocol/problem'
import { afterEach, describe, expect, it } from 'vitest'
import { exposePort, remotePort } from './remote-port.ts'

const ports = {
  echo: (value: unknown) => Promise.resolve(value),
  refuse: () => Promise.reject(new ProblemError('storage-full', 'no room')),
  wait: (signal: AbortSignal): Promise<string> =>
    new Promise((resolve) => {
      signal.addEventListener('abort', () => {
        resolve('aborted')
      })
    }),
  first: (_: number, signal: AbortSignal) => Promise.resolve(signal.aborted),
}
const open: MessageChannel[] = []
const connect = () => {
  const channel = new MessageChannel()
  open.push(channel)
  exposePort(channel.port1, 'test', ports)
  return { channel, ...remotePort<typeof ports & { missing: () => Promise<void> }>(channel.port2, 'test') }
}
afterEach(() => {
  for (const channel of open.splice(0)) channel.port1.close()
})

describe('a remote port', () => {
  it('passes values, also undefined and bytes', async () => {
    const { port } = connect()
    for (const value of [undefined, 1, 'x', { a: [1, undefined] }, new Uint8Array([1, 2])])
      expect(await port.echo(value)).toEqual(value)
  })

  it('gives each of many calls its own result', async () => {
    const { port } = connect()
    const values = Array.from({ length: 200 }, (_, index) => index)
    expect(await Promise.all(values.map((value) => port.echo(value)))).toEqual(values)
  })

  it('passes the name and code of an error', async () => {
    await expect(connect().port.refuse()).rejects.toMatchObject({
      name: 'ProblemError',
      code: 'storage-full',
      message: 'no room',
    })
  })

  it('passes an abort to the other side, also one from before the call', async () => {
    const { port } = connect()
    const controller = new AbortController()
    const waiting = port.wait(controller.signal)
    controller.abort()
    expect(await waiting).toBe('aborted')
    expect(await port.wait(AbortSignal.abort())).toBe('aborted')
  })

  it('calls only the methods of the port', async () => {
    const { port } = connect()
    await expect(port.missing()).rejects.toThrow('test has no method missing')
    await expect((port as unknown as { constructor: () => Promise<void> }).constructor()).rejects.toThrow('no method')
    await expect((port as unknown as { __proto__x: () => Promise<void> }).__proto__x()).rejects.toThrow('no method')
  })

  it('rejects pending and later calls when it is closed', async () => {
    const { port, close } = connect()
    const waiting = port.wait(new AbortController().signal)
    close(new Error('gone'))
    await expect(waiting).rejects.toThrow('gone')
    await expect(port.echo(1)).rejects.toThrow('gone')
  })

  it('can be exposed again: a remote port of a remote port', async () => {
    const { port } = connect()
    const channel = new MessageChannel()
    open.push(channel)
    exposePort(channel.port1, 'again', port)
    expect(await remotePort<typeof ports>(channel.port2, 'again').port.echo('through')).toBe('through')
  })
})
