import { readFile } from 'node:fs/promises'
import { readRelayFrame, writeClientFrame } from '@tonestead/protocol/sync/frame'
import type { ClientMessage } from '@tonestead/protocol/sync/frame-messages'
import { signChallenge } from '@tonestead/protocol/sync/keys/relay-challenge'
import type { Account } from '@tonestead/protocol/sync/log/signed-log.testkit'
import { WebSocket } from 'ws'

const { subtle } = globalThis.crypto

/** Resident memory of a process in bytes (Linux). */
export const residentBytes = async (pid: number): Promise<number> => {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) * 1024
}

/** Opens one connection of the account's device that is authenticated and subscribed to its collection. */
export const joinSocket = (url: string, account: Account): Promise<WebSocket> =>
  new Promise((resolve, reject) => {
    const socket = new WebSocket(url, { perMessageDeflate: false })
    const send = (message: ClientMessage): void => socket.send(writeClientFrame(message, []))
    const take = async (data: Buffer): Promise<void> => {
      const message = readRelayFrame(new Uint8Array(data))?.message
      if (message?.kind === 'challenge') send(await answerOf(account, message))
      if (message?.kind === 'welcome')
        send({ kind: 'subscribe', collection: account.log.collection, after: account.items.length })
      if (message?.kind === 'items' || message?.kind === 'receipt') resolve(socket)
      if (message?.kind === 'problem') reject(new Error(message.code))
    }
    socket.on('message', (data: Buffer) => void take(data).catch(reject))
    socket.on('error', reject)
    socket.on('close', (code) => reject(new Error(`closed with ${code}`)))
  })

const answerOf = async (
  account: Account,
  challenge: { readonly relayKey: Parameters<typeof signChallenge>[1]['relayKey']; readonly nonce: string },
): Promise<ClientMessage> => {
  const { device } = account
  const words = { relayKey: challenge.relayKey, nonce: challenge.nonce, device: device.id }
  const signature = await signChallenge({ subtle, signingKey: device.signingKey }, words)
  return { kind: 'authenticate', account: account.account, device: device.id, signature }
}
