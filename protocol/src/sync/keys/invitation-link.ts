import { expand } from '@noble/hashes/hkdf.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { ed25519 } from '@noble/curves/ed25519.js'
import type { AccountId, DeviceId } from '@tonestead/crdt/ids'
import { concat, fromBase64Url, toBase64Url, type Bytes } from '../../bytes.ts'
import type { SigningJwk } from '../../device-log.ts'
import { labels } from '../sync-hash.ts'
import { syncIdToBytes, type CollectionId } from '../sync-ids.ts'
import { deriveAgreementPair, type AgreementPair } from './agreement-key.ts'
import { signBytes, type Signer } from './sign-item.ts'
import type { Verifier } from './verifier.ts'

// The keys of an invitation link. Both follow from its secret: 32 random bytes, in the fragment of the link.

/** The keys of a link: the collection key is sealed to `sealing`; whoever redeems signs with `proof`. Private keys are not extractable. */
export type InvitationKeys = {
  readonly sealing: AgreementPair
  readonly proof: { readonly publicKey: SigningJwk; readonly privateKey: CryptoKey }
}

const derive = (secret: Bytes, label: Bytes): Bytes => new Uint8Array(expand(sha256, secret, label, 32))

/** The keys of a link. `secret`: 32 uniformly random bytes, used as the pseudorandom key of HKDF-Expand (RFC 5869, 2.3). Throws a RangeError on another length. */
export const invitationKeys = async (deps: { subtle: SubtleCrypto }, secret: Bytes): Promise<InvitationKeys> => {
  if (secret.length !== 32) throw new RangeError('the secret of an invitation has 32 bytes')
  const seed = derive(secret, labels.invitationProof)
  const publicKey: SigningJwk = { kty: 'OKP', crv: 'Ed25519', x: toBase64Url(ed25519.getPublicKey(seed)) }
  const privateKey = await deps.subtle.importKey('jwk', { ...publicKey, d: toBase64Url(seed) }, 'Ed25519', false, [
    'sign',
  ])
  const sealing = await deriveAgreementPair(deps, derive(secret, labels.invitationKey))
  return { sealing, proof: { publicKey, privateKey } }
}

/** Who redeems an invitation to which collection. */
export type Redemption = { readonly collection: CollectionId; readonly account: AccountId; readonly device: DeviceId }

const encodeRedemption = ({ collection, account, device }: Redemption): Bytes =>
  concat(syncIdToBytes(collection), syncIdToBytes(account), syncIdToBytes(device))

/** The `proof` of a `redeemed` operation: a signature of the link's proof key, in base64url. */
export const signRedemption = async (signer: Signer, redemption: Redemption): Promise<string> =>
  toBase64Url(await signBytes(signer, labels.redemption, encodeRedemption(redemption)))

/** Is this the proof of this redemption, by the `proofKey` of the invitation? `proof` has passed the schema of the operation. */
export const verifyRedemption = (
  { verifier }: { verifier: Verifier },
  { redemption, proof }: { redemption: Redemption; proof: string },
  proofKey: SigningJwk,
): Promise<boolean> =>
  verifier.verify(
    { label: labels.redemption, bytes: encodeRedemption(redemption), signature: fromBase64Url(proof) },
    proofKey,
  )
