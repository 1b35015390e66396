import type { WebSocket } from 'ws'

/** How often sockets are looked at. */
const sweepMs = 20_000

/** Cuts off sockets that answered no ping since the sweep before, and readers that took no byte of what is queued for them. */
export const keepAlive = (
  sockets: ReadonlySet<WebSocket>,
  onCut: (reason: string) => void,
): { readonly stop: () => void } => {
  const states = new WeakMap<WebSocket, { isAlive: boolean; queued: number }>()
  const sweep = (): void => {
    for (const socket of sockets) {
      const state = states.get(socket)
      const isStuck = state !== undefined && state.queued > 0 && socket.bufferedAmount >= state.queued
      if (state?.isAlive === false || isStuck) {
        onCut(isStuck ? 'too-slow' : 'no-answer')
        socket.terminate()
        continue
      }
      if (state === undefined) socket.on('pong', () => void states.set(socket, { isAlive: true, queued: 0 }))
      states.set(socket, { isAlive: false, queued: socket.bufferedAmount })
      socket.ping()
    }
  }
  const timer = setInterval(sweep, sweepMs)
  timer.unref()
  return { stop: () => clearInterval(timer) }
}
