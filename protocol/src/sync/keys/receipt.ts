import { concat, fromBase64Url, uint, type Bytes } from '../../bytes.ts'
import type { SigningJwk } from '../../device-log.ts'
import type { Receipt } from '../log-item.ts'
import { labels } from '../sync-hash.ts'
import { syncIdToBytes } from '../sync-ids.ts'
import { signBytes, type Signer } from './sign-item.ts'
import { createVerifier, type Verifier } from './verifier.ts'

// Receipts: the relay's word that a log is durable up to a place.

/** What a receipt says, without its signature. */
export type ReceiptClaim = Omit<Receipt, 'signature'>

/** Collection (32), generation (4), seq (6), chain (32), then the nonce (16) if there is one. Throws a RangeError on another nonce. */
const encodeReceipt = ({ collection, generation, seq, chain, nonce }: ReceiptClaim): Bytes => {
  const nonceBytes = nonce === undefined ? new Uint8Array(0) : fromBase64Url(nonce)
  if (nonce !== undefined && nonceBytes.length !== 16) throw new RangeError('the nonce of a receipt has 16 bytes')
  return concat(syncIdToBytes(collection), uint(generation, 4), uint(seq, 6), syncIdToBytes(chain), nonceBytes)
}

/** Signs a receipt with the relay's key. Only after the items are durable. */
export const signReceipt = async (signer: Signer, claim: ReceiptClaim): Promise<Receipt> => ({
  ...claim,
  signature: await signBytes(signer, labels.receipt, encodeReceipt(claim)),
})

/** Did this relay give the receipt? Pass a `verifier` to verify many. */
export const verifyReceipt = (
  deps: { subtle: SubtleCrypto; verifier?: Verifier },
  receipt: Receipt,
  relayKey: SigningJwk,
): Promise<boolean> =>
  (deps.verifier ?? createVerifier(deps, 1)).verify(
    { label: labels.receipt, bytes: encodeReceipt(receipt), signature: receipt.signature },
    relayKey,
  )
