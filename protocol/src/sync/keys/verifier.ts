import { concat, type Bytes } from '../../bytes.ts'
import type { SigningJwk } from '../../device-log.ts'
import type { ProofItem } from '../codec/item-codec.ts'
import type { LogItem } from '../log-item.ts'
import { labels } from '../sync-hash.ts'
import { isStrictSignature, isStrictSigningKey } from './strict-ed25519.ts'

// Verifies Ed25519 signatures, strictly (strict-ed25519.ts). Imported keys are kept, because importing one costs a third of a verification.

/** Keys that a verifier keeps imported unless told otherwise. */
const keptKeys = 10_000

/** Verifies signatures. */
export type Verifier = {
  /** Is `signature` one of `key` over `label ‖ bytes`? */
  readonly verify: (signed: Signed, key: SigningJwk) => Promise<boolean>
  /** Is the item signed by `key`? Its bytes need not come from `readItem`: only header bytes and signature count. */
  readonly verifyItem: (item: LogItem | ProofItem, key: SigningJwk) => Promise<boolean>
}

/** What is signed, and the signature: R ‖ S, 64 bytes. */
export type Signed = { readonly label: Bytes; readonly bytes: Bytes; readonly signature: Bytes }

/** A verifier that keeps up to `maxKeys` imported keys; those used last stay. */
export const createVerifier = ({ subtle }: { subtle: SubtleCrypto }, maxKeys = keptKeys): Verifier => {
  const imported = new Map<string, Promise<CryptoKey | undefined>>()
  const keyOf = (key: SigningJwk): Promise<CryptoKey | undefined> => {
    const found = imported.get(key.x) ?? importStrictKey({ subtle }, key)
    imported.delete(key.x)
    imported.set(key.x, found)
    for (const oldest of imported.keys()) {
      if (imported.size <= maxKeys) break
      imported.delete(oldest)
    }
    return found
  }
  const verify = async ({ label, bytes, signature }: Signed, key: SigningJwk): Promise<boolean> => {
    if (!isStrictSignature(signature)) return false
    const verifyingKey = await keyOf(key)
    return verifyingKey !== undefined && subtle.verify('Ed25519', verifyingKey, signature, concat(label, bytes))
  }
  return {
    verify,
    verifyItem: ({ kind, headerBytes, signature }, key) =>
      verify({ label: labels[kind], bytes: headerBytes, signature }, key),
  }
}

/** Undefined for a key that is not strict, or that the platform refuses because no point has its y. */
const importStrictKey = async (
  { subtle }: { subtle: SubtleCrypto },
  key: SigningJwk,
): Promise<CryptoKey | undefined> => {
  if (!isStrictSigningKey(key)) return undefined
  try {
    return await subtle.importKey('jwk', { ...key }, 'Ed25519', false, ['verify'])
  } catch (error) {
    if (error instanceof DOMException && ['DataError', 'OperationError'].includes(error.name)) return undefined
    throw error
  }
}

/** Is the item signed by `key`? For single items; whoever verifies many keeps a verifier. */
export const verifySignature = (
  deps: { subtle: SubtleCrypto },
  item: LogItem | ProofItem,
  key: SigningJwk,
): Promise<boolean> => createVerifier(deps, 1).verifyItem(item, key)
