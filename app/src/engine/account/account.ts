import type { Right } from '@tonestead/protocol/auth'
import type { Readable } from '../readable.ts'

export type AccountView =
  /** Keys are being made or read. */
  | { readonly kind: 'starting' }
  /** `rights` as the server said last; empty for a visitor, who hears what is public. */
  | {
      readonly kind: 'ready'
      readonly accountId: string
      readonly deviceId: string
      readonly rights: readonly Right[]
      readonly serverName: string
      readonly isClaimed: boolean
      readonly isOnline: boolean
    }
  /** This browser cannot make or keep keys (insecure context, storage refused). */
  | { readonly kind: 'unavailable'; readonly reason: 'insecure-context' | 'storage-refused' | 'crypto-missing' }

export type AccountService = {
  readonly view: Readable<AccountView>
  /** Redeems a claim code from the console. */
  claim(code: string): Promise<'claimed' | 'claim-invalid' | 'already-claimed' | 'offline'>
}
