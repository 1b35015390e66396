import { hkdf } from '@noble/hashes/hkdf.js'
import { sha256 } from '@noble/hashes/sha2.js'
import type { Bytes } from '../../bytes.ts'
import { labels } from '../sync-hash.ts'
import { deriveAgreementPair, type AgreementPair } from './agreement-key.ts'

/**
 * The key pair to which every epoch of a personal collection is sealed, so that the recovery phrase alone opens it. `entropy`: the random bytes of the phrase,
 * 16 to 32. Throws a RangeError on another length.
 */
export const recoveryPair = async (deps: { subtle: SubtleCrypto }, entropy: Bytes): Promise<AgreementPair> => {
  if (entropy.length < 16 || entropy.length > 32) throw new RangeError('the entropy of a phrase has 16 to 32 bytes')
  return deriveAgreementPair(deps, new Uint8Array(hkdf(sha256, entropy, undefined, labels.recoveryKey, 32)))
}
