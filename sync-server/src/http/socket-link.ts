import type { WebSocket } from 'ws'
import { closeCodes, type Link } from '../ports/link.ts'

/** A client that does not take its close frame in this time is cut off. */
const closeMs = 5000

/** A WebSocket as a link. */
export const createSocketLink = (socket: WebSocket, peer: string, onClose: (reason: string) => void): Link => {
  const drained = new Set<() => void>()
  const onSent = (): void => {
    for (const check of drained) check()
  }
  socket.on('close', onSent)
  return {
    peer,
    send: (frame) => {
      if (socket.readyState === socket.OPEN) socket.send(frame, { binary: true, compress: false }, onSent)
    },
    queuedBytes: () => socket.bufferedAmount,
    drainedTo: (bytes) =>
      new Promise((resolve) => {
        const check = (): void => {
          if (socket.bufferedAmount > bytes && socket.readyState === socket.OPEN) return
          drained.delete(check)
          resolve()
        }
        drained.add(check)
        check()
      }),
    pause: () => {
      socket.pause()
    },
    resume: () => {
      socket.resume()
    },
    close: (reason, detail) => {
      if (socket.readyState !== socket.OPEN) return
      onClose(reason)
      // A paused socket would never read the close frame of the other side.
      socket.resume()
      socket.close(closeCodes[reason], detail)
      setTimeout(() => socket.terminate(), closeMs).unref()
    },
  }
}
