import { randomBytes } from 'node:crypto'

/** Ed25519 verifications a second on all cores, as WebCrypto does them: no relay that checks each envelope is faster. */
export const measureVerifications = async (count: number): Promise<number> => {
  const { subtle } = globalThis.crypto
  const { publicKey, privateKey } = (await subtle.generateKey('Ed25519', false, ['sign', 'verify'])) as CryptoKeyPair
  const bytes = randomBytes(400)
  const signature = await subtle.sign('Ed25519', privateKey, bytes)
  const began = performance.now()
  await Promise.all(Array.from({ length: count }, () => subtle.verify('Ed25519', publicKey, signature, bytes)))
  return count / ((performance.now() - began) / 1000)
}
