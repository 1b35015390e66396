import type { AddressInfo } from 'node:net'
import * as decoding from 'lib0/decoding'
import * as encoding from 'lib0/encoding'
import { WebSocketServer } from 'ws'
import * as sync from 'y-protocols/sync'
import * as Y from 'yjs'

// A server for y-websocket clients that keeps one document in memory, by the protocol that the client documents. Nothing is stored.

const syncMessage = 0
const document = new Y.Doc()
const server = new WebSocketServer({ port: 0, host: '127.0.0.1' }, () => {
  process.send?.({ url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}` })
})

/** The message that `write` fills. */
const message = (write: (encoder: encoding.Encoder) => void): Uint8Array => {
  const encoder = encoding.createEncoder()
  encoding.writeVarUint(encoder, syncMessage)
  write(encoder)
  return encoding.toUint8Array(encoder)
}

document.on('update', (update: Uint8Array) => {
  const bytes = message((encoder) => sync.writeUpdate(encoder, update))
  for (const client of server.clients) client.send(bytes)
})
server.on('connection', (socket) => {
  socket.binaryType = 'arraybuffer'
  socket.on('message', (data: ArrayBuffer) => {
    const decoder = decoding.createDecoder(new Uint8Array(data))
    if (decoding.readVarUint(decoder) !== syncMessage) return
    const encoder = encoding.createEncoder()
    encoding.writeVarUint(encoder, syncMessage)
    sync.readSyncMessage(decoder, encoder, document, socket)
    if (encoding.length(encoder) > 1) socket.send(encoding.toUint8Array(encoder))
  })
  socket.send(message((encoder) => sync.writeSyncStep1(encoder, document)))
})
process.on('disconnect', () => process.exit())
