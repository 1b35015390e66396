import type { SigningJwk } from './device-log.ts'

/** Imports a media server's public signing key (Ed25519; `signingKey` of GET /api/server) for verifying manifest heads and licenses. */
export const importServerKey = (subtle: SubtleCrypto, key: SigningJwk): Promise<CryptoKey> =>
  subtle.importKey('jwk', { ...key }, 'Ed25519', false, ['verify'])
