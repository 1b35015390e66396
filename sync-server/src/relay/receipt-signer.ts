import type { SigningJwk } from '@tonestead/protocol/device-log'
import { signReceipt } from '@tonestead/protocol/sync/keys/receipt'
import type { Receipt } from '@tonestead/protocol/sync/log-item'
import type { CollectionId } from '@tonestead/protocol/sync/sync-ids'
import type { LogHead } from '../ports/log-store.ts'

export type RelayKey = { readonly privateKey: CryptoKey; readonly publicKey: SigningJwk }

const mostReceipts = 2000

export type ReceiptSigner = {
  /** The receipt for a head; one signature for each place. Undefined when another relay is the home of the log: this one only has a copy. */
  receiptFor(head: LogHead): Promise<Receipt | undefined>
  /** A receipt for a place that is durable and before the head. */
  receiptAt(head: LogHead, place: Pick<LogHead, 'length' | 'chain'>): Promise<Receipt | undefined>
  /** A receipt with a nonce of the device that asked. */
  freshReceipt(head: LogHead, nonce: string): Promise<Receipt | undefined>
}

/** [RC3] Only heads that the store gave are signed: what it gives is durable. */
export const createReceiptSigner = (deps: { readonly subtle: SubtleCrypto; readonly key: RelayKey }): ReceiptSigner => {
  const signer = { subtle: deps.subtle, signingKey: deps.key.privateKey }
  const newest = new Map<
    CollectionId,
    { readonly length: number; readonly chain: string; readonly receipt: Promise<Receipt> }
  >()
  const isHome = ({ state }: LogHead): boolean => state.home.key.x === deps.key.publicKey.x
  const sign = (head: LogHead, nonce?: string): Promise<Receipt> =>
    signReceipt(signer, {
      collection: head.collection,
      generation: head.state.generation,
      seq: head.length,
      chain: head.chain,
      ...(nonce === undefined ? {} : { nonce }),
    })
  const keep = (head: LogHead): Promise<Receipt> => {
    const known = newest.get(head.collection)
    if (known?.length === head.length && known.chain === head.chain) return known.receipt
    const receipt = sign(head)
    newest.delete(head.collection)
    newest.set(head.collection, { length: head.length, chain: head.chain, receipt })
    const oldest = newest.keys().next()
    if (newest.size > mostReceipts && oldest.done === false) newest.delete(oldest.value)
    return receipt
  }
  return {
    receiptFor: async (head) => (isHome(head) ? keep(head) : undefined),
    receiptAt: async (head, place) => (isHome(head) ? sign({ ...head, ...place }) : undefined),
    freshReceipt: async (head, nonce) => (isHome(head) ? sign(head, nonce) : undefined),
  }
}
