import type { Bytes } from '@tonestead/protocol/bytes'
import type { SigningJwk } from '@tonestead/protocol/device-log'

/** What this installation keeps to itself. Made at the first start, then only ever read; nothing here may reach a log, a URL or an answer, but for the public key and the id. */
export type InstanceSecrets = {
  /** Names the server in signed requests; public. */
  readonly serverId: string
  /** 32 bytes: wraps content keys at rest. */
  readonly instanceKey: Bytes
  /** 32 bytes: catalog ids are HMACs under it, so that the same file keeps its ids. */
  readonly idSecret: Bytes
  /** 32 bytes: access tokens and HLS links are HMACs under it. */
  readonly tokenSecret: Bytes
  /** Ed25519: signs manifest heads and licenses. */
  readonly signing: {
    readonly privateKey: CryptoKey
    readonly publicKey: SigningJwk
    /** For handing to the ingest worker. */ readonly pkcs8: Bytes
  }
}
