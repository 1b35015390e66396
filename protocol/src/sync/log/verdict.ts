import type { NeverReason, Verdict, WaitReason } from '../log-state.ts'

/** A verdict against an item. */
export type Refusal = Exclude<Verdict, { readonly kind: 'ok' }>

/** The item may be appended. */
export const ok: Verdict = { kind: 'ok' }
/** The item cannot be appended now, perhaps later. */
export const wait = (reason: WaitReason): Refusal => ({ kind: 'wait', reason })
/** The item can never be appended to this log. */
export const never = (reason: NeverReason): Refusal & { readonly kind: 'never' } => ({ kind: 'never', reason })
