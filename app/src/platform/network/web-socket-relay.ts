import type { OpenRelaySocket } from '../../ports/documents/relay-socket.ts'

/** A WebSocket whose messages are frames. `address`: begins with ws: or wss:. */
export const createWebSocketRelay =
  (address: string): OpenRelaySocket =>
  ({ onOpen, onFrame, onClosed }) => {
    const socket = new WebSocket(address)
    socket.binaryType = 'arraybuffer'
    socket.addEventListener('open', onOpen)
    socket.addEventListener('message', ({ data }) => {
      if (data instanceof ArrayBuffer) onFrame(new Uint8Array(data))
      else socket.close()
    })
    socket.addEventListener('close', onClosed)
    return {
      send: (frame) => {
        if (socket.readyState === WebSocket.OPEN) socket.send(frame)
        else socket.close()
      },
      close: () => socket.close(),
    }
  }
