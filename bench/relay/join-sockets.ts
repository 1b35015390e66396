import { readFile } from 'node:fs/promises'
import { readRelayFrame, writeClientFrame } from '@tonestead/protocol/sync/frame'
import type { ClientMessage } from '@tonestead/protocol/sync/frame-messages'
import { signChallenge } from '@tonestead/protocol/sync/keys/relay-challenge'
import type { Account } from '@tonestead/protocol/sync/log/signed-log.testkit'
import type { Bytes } from '@tonestead/protocol/bytes'
import { openSocket } from '../../sync-server/src/test-client.testkit.ts'

const { subtle } = globalThis.crypto

/** Resident memory of a process in bytes (Linux). */
export const residentBytes = async (pid: number): Promise<number> => {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) * 1024
}

/** Opens one connection of the account's device that is authenticated and subscribed to its collection. It stays open. */
export const joinSocket = (url: string, account: Account): Promise<void> =>
  new Promise((resolve, reject) => {
    const take = async (frame: Bytes): Promise<void> => {
      const message = readRelayFrame(frame)?.message
      if (message?.kind === 'challenge') await send(await answerOf(account, message))
      if (message?.kind === 'welcome')
        await send({ kind: 'subscribe', collection: account.log.collection, after: account.items.length })
      if (message?.kind === 'items' || message?.kind === 'receipt') resolve()
      if (message?.kind === 'problem') reject(new Error(message.code))
    }
    const opening = openSocket(url)({ onFrame: (frame) => void take(frame).catch(reject) })
    const send = async (message: ClientMessage): Promise<void> => (await opening).send(writeClientFrame(message, []))
    opening.then(({ closed }) => closed.then((code) => reject(new Error(`closed with ${code}`)))).catch(reject)
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
