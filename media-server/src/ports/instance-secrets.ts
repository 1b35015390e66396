import type { Bytes } from '@tonestead/protocol/bytes'
import type { SigningJwk } from '@tonestead/protocol/device-log'

/** The secrets of this installation. Created at the first start, read at every later one, never changed. Nothing here but `serverId` and the public key may appear in a log, a URL or a response. */
export type InstanceSecrets = {
  /** Identifies the server in signed requests; public. */
  readonly serverId: string
  /** 32 bytes: wraps stored content keys. */
  readonly instanceKey: Bytes
  /** 32 bytes: catalog ids are HMACs with this key, so that the same file keeps its ids. */
  readonly idSecret: Bytes
  /** 32 bytes: the keys for access tokens and HLS links are derived from it. */
  readonly tokenSecret: Bytes
  /** Ed25519: signs manifest heads and licenses. */
  readonly signing: {
    readonly privateKey: CryptoKey
    readonly publicKey: SigningJwk
    /** The private key as PKCS#8, to pass it to the ingest worker. */ readonly pkcs8: Bytes
  }
}
