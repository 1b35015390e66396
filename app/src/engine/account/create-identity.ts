import { concat, fromHex, toBase64Url, toHex, utf8, type Bytes } from '@tonestead/protocol/bytes'
import {
  accountIdOf,
  agreementJwkSchema,
  deviceIdOf,
  signDeviceLogEntry,
  signingJwkSchema,
  type SigningJwk,
} from '@tonestead/protocol/device-log'
import type { Clock } from '../../ports/clock.ts'
import type { DeviceIdentity } from '../../ports/device-store.ts'
import type { Random } from '../../ports/random.ts'

/** The PKCS#8 prefix of an Ed25519 seed (RFC 8410, section 7). */
const ed25519Prefix = fromHex('302e020100300506032b657004220420')
const rootEntropyBytes = 16

/** Makes a new account with this as its first device. The root key signs the first entry of the device log; afterwards only its entropy is stored. */
export const createIdentity = async (
  deps: { subtle: SubtleCrypto; random: Random; clock: Clock },
  name: string,
): Promise<DeviceIdentity> => {
  const { subtle } = deps
  const rootEntropy = deps.random.bytes(rootEntropyBytes)
  const root = await rootKeyOf(subtle, rootEntropy)
  const signing = await subtle.generateKey('Ed25519', false, ['sign', 'verify'])
  const agreement = await subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, false, ['deriveKey'])
  const signingKey = await publicSigningJwk(subtle, signing.publicKey)
  const { kty, crv, x, y } = await subtle.exportKey('jwk', agreement.publicKey)
  const agreementKey = agreementJwkSchema.parse({ kty, crv, x, y })
  const device = { signingKey, agreementKey, name }
  const entry = await signDeviceLogEntry(root.privateKey, {
    v: 1,
    kind: 'account-created',
    rootKey: root.publicKey,
    device,
    at: deps.clock.now(),
  })
  return {
    accountId: await accountIdOf(subtle, root.publicKey),
    deviceId: await deviceIdOf(subtle, signingKey),
    signing: { privateKey: signing.privateKey, publicKey: signingKey },
    agreement: { privateKey: agreement.privateKey, publicKey: agreementKey },
    deviceLog: [entry],
    rootEntropy,
  }
}

/** The root key pair of an account: Ed25519, its seed is SHA-256 of a fixed name and the entropy. The same entropy always gives the same account. */
export const rootKeyOf = async (
  subtle: SubtleCrypto,
  entropy: Bytes,
): Promise<{ privateKey: CryptoKey; publicKey: SigningJwk }> => {
  const seed = new Uint8Array(await subtle.digest('SHA-256', concat(utf8('tonestead/root-key/v1'), entropy)))
  const pkcs8 = concat(ed25519Prefix, seed)
  return {
    privateKey: await subtle.importKey('pkcs8', pkcs8, 'Ed25519', false, ['sign']),
    publicKey: await publicKeyOfSeed(seed),
  }
}

/** Computed here: Firefox (seen in 140) cannot export a private key that was imported as PKCS#8. The library is loaded only when an account is made. */
const publicKeyOfSeed = async (seed: Bytes): Promise<SigningJwk> => {
  const { ed25519 } = await import('@noble/curves/ed25519.js')
  return signingJwkSchema.parse({ kty: 'OKP', crv: 'Ed25519', x: toBase64Url(ed25519.getPublicKey(seed)) })
}

const publicSigningJwk = async (subtle: SubtleCrypto, key: CryptoKey): Promise<SigningJwk> => {
  const { kty, crv, x } = await subtle.exportKey('jwk', key)
  return signingJwkSchema.parse({ kty, crv, x })
}

/** The unique id (`jti`) of a proof: 128 bits. */
export const proofId = (random: Random): string => toHex(random.bytes(16))
