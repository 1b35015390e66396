import type { EditStep } from './edit-steps.ts'

// Messages between the benchmark and the process of one device. Instants are milliseconds since 1970, with fractions.

/** What the benchmark asks for. */
export type ToDevice =
  | { readonly kind: 'step'; readonly step: EditStep }
  /** Adds so many entries at the end at once; answered by `filled`. */
  | { readonly kind: 'fill'; readonly count: number }

/** What a device says. `document`: how another device finds the list. */
export type FromDevice =
  /** The program is loaded, and begins to open the list. */
  | { readonly kind: 'opening'; readonly at: number }
  | { readonly kind: 'ready'; readonly document: string }
  | { readonly kind: 'filled' }
  /** The step with this key began here at this instant. */
  | { readonly kind: 'began'; readonly step: string; readonly at: number }
  /** This change of the list was first shown here at this instant. `total`: how many entries are shown now. */
  | {
      readonly kind: 'shown'
      readonly added: readonly string[]
      readonly removed: readonly string[]
      readonly total: number
      readonly at: number
    }
