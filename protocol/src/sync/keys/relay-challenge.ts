import type { DeviceId } from '@tonestead/crdt/ids'
import { concat, fromBase64Url, type Bytes } from '../../bytes.ts'
import type { SigningJwk } from '../../device-log.ts'
import { labels } from '../sync-hash.ts'
import { syncIdToBytes } from '../sync-ids.ts'
import { signBytes, type Signer } from './sign-item.ts'
import type { Verifier } from './verifier.ts'

// How a device proves to a relay who it is: it signs the relay's challenge. The relay's key is in it, so a relay cannot use the answer at another one.

/** Bytes of the nonce in a challenge. */
export const challengeNonceBytes = 32

/** What is signed. `nonce`: 32 bytes in base64url, of the relay's challenge. */
export type Challenge = { readonly relayKey: SigningJwk; readonly nonce: string; readonly device: DeviceId }

/** Relay key (32), nonce (32), device id (32). */
const encodeChallenge = ({ relayKey, nonce, device }: Challenge): Bytes =>
  concat(fromBase64Url(relayKey.x), fromBase64Url(nonce), syncIdToBytes(device))

/** The signature of a device over a challenge: 64 bytes. */
export const signChallenge = (signer: Signer, challenge: Challenge): Promise<Bytes> =>
  signBytes(signer, labels.challenge, encodeChallenge(challenge))

/** Did the device with this key sign the challenge? */
export const verifyChallenge = (
  { verifier }: { verifier: Verifier },
  { challenge, signature }: { challenge: Challenge; signature: Bytes },
  key: SigningJwk,
): Promise<boolean> => verifier.verify({ label: labels.challenge, bytes: encodeChallenge(challenge), signature }, key)
