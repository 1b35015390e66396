import type { Right } from '@tonestead/protocol/auth'
import type { Readable } from '../readable.ts'
import type { Answer } from '../server/answer.ts'

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
      /** Another device of the account removed this one: the server refuses it for ever. */
      readonly isRemoved: boolean
    }
  /** This browser cannot make or store keys. */
  | { readonly kind: 'unavailable'; readonly reason: 'insecure-context' | 'storage-refused' | 'crypto-missing' }

/** A device of the account. `seenAt`: when it last opened a session. Times are milliseconds since 1970. */
export type AccountDevice = {
  readonly id: string
  readonly name: string
  readonly registeredAt: number
  readonly seenAt: number
  readonly isThis: boolean
}

/** The account of this device. */
export type AccountService = {
  readonly view: Readable<AccountView>
  /** Redeems a claim code, which the server prints on its console. */
  claim(code: string): Promise<'claimed' | 'claim-invalid' | 'already-claimed' | 'offline'>
  /** The devices of the account, the one seen last first. */
  devices(signal: AbortSignal): Promise<Answer<readonly AccountDevice[]>>
  /** Removes another device for ever. One that was removed before counts as removed. */
  removeDevice(id: string): Promise<Answer<'removed'>>
}
