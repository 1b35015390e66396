import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

const waitingOn = new WeakMap<Socket, Set<() => void>>()

/**
 * Calls `onEnd` once: when the response was sent or its connection is gone, and at once when that has happened already.
 * A listener for `close` of the response alone is not enough. The client may have left while its proof was checked, and Node emits no `close` for a pipelined response whose turn never came.
 */
export const onceEnded = (response: ServerResponse, onEnd: () => void): void => {
  const { socket } = response.req
  if (response.destroyed || socket.destroyed) return void onEnd()
  const waiting = waitingOn.get(socket) ?? watch(socket)
  const end = (): void => {
    if (waiting.delete(end)) onEnd()
  }
  waiting.add(end)
  response.once('close', end)
}

/** One listener for all responses of a connection. */
const watch = (socket: Socket): Set<() => void> => {
  const waiting = new Set<() => void>()
  waitingOn.set(socket, waiting)
  socket.once('close', () => {
    for (const end of waiting) end()
  })
  return waiting
}
