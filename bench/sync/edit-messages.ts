import type { EditStep } from './edit-steps.ts'

// Messages between the benchmark and the process of one device. Instants are milliseconds since 1970, with fractions.

/** What the benchmark asks for. */
export type ToDevice = { readonly kind: 'step'; readonly step: EditStep }

/** What a device says. `document`: how another device finds the list. */
export type FromDevice =
  | { readonly kind: 'ready'; readonly document: string }
  /** The step with this key began here at this instant. */
  | { readonly kind: 'began'; readonly step: string; readonly at: number }
  /** This change of the list was first shown here at this instant. */
  | {
      readonly kind: 'shown'
      readonly added: readonly string[]
      readonly removed: readonly string[]
      readonly at: number
    }
