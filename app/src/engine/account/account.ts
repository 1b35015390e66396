import type { Right } from '@tonestead/protocol/auth'
import type { Readable } from '../readable.ts'

/** What the UI shows of the account. */
export type AccountView =
  /** The keys are being read or made. */
  | { readonly kind: 'starting' }
  /** `rights` as of the last session; empty for a visitor, who may play what is public. */
  | {
      readonly kind: 'ready'
      readonly accountId: string
      readonly deviceId: string
      readonly rights: readonly Right[]
      readonly serverName: string
      readonly isClaimed: boolean
      readonly isOnline: boolean
    }
  /** This browser cannot make or store keys. */
  | { readonly kind: 'unavailable'; readonly reason: 'insecure-context' | 'storage-refused' | 'crypto-missing' }

/** The account of this device. */
export type AccountService = {
  readonly view: Readable<AccountView>
  /** Redeems a claim code, which the server prints on its console. */
  claim(code: string): Promise<'claimed' | 'claim-invalid' | 'already-claimed' | 'offline'>
}
