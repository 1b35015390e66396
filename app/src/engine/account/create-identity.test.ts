import { expect, test } from 'vitest'
import { rootKeyOf } from './create-identity.ts'

const { subtle } = globalThis.crypto

test('the root key is made where a browser cannot export private keys, and its public key verifies what it signs', async () => {
  const withoutExport: SubtleCrypto = Object.create(subtle, {
    digest: { value: subtle.digest.bind(subtle) },
    importKey: { value: subtle.importKey.bind(subtle) },
    exportKey: { value: () => Promise.reject(new DOMException('as Firefox 140', 'OperationError')) },
  })
  const { privateKey, publicKey } = await rootKeyOf(withoutExport, new Uint8Array(16).fill(7))
  const message = new Uint8Array([1, 2, 3])
  const verifying = await subtle.importKey('jwk', publicKey, 'Ed25519', false, ['verify'])
  expect(await subtle.verify('Ed25519', verifying, await subtle.sign('Ed25519', privateKey, message), message)).toBe(
    true,
  )
})
