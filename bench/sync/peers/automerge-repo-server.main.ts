import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Repo } from '@automerge/automerge-repo'
import { WebSocketServerAdapter } from '@automerge/automerge-repo-network-websocket'
import { NodeFSStorageAdapter } from '@automerge/automerge-repo-storage-nodefs'
import { WebSocketServer } from 'ws'

// The server that automerge-repo describes: it keeps documents in files (no fsync). Argument: the folder.

const [folder = ''] = process.argv.slice(2)
const http = createServer().listen(0, '127.0.0.1', () => {
  process.send?.({ url: `ws://127.0.0.1:${(http.address() as AddressInfo).port}` })
})
const sockets = new WebSocketServer({ server: http })
// Kept for as long as the process runs.
export const repo = new Repo({
  network: [new WebSocketServerAdapter(sockets as never)],
  storage: new NodeFSStorageAdapter(folder),
  sharePolicy: () => Promise.resolve(false),
})
process.on('disconnect', () => process.exit())
