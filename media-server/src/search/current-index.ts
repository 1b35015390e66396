import type { SearchIndex } from '@tonestead/search-index/search-index'

/** An index and what of the catalog it holds: the changes up to `sequence`, plays as of `builtAt` or later. */
export type HeldIndex = { readonly index: SearchIndex; readonly builtAt: number; sequence: number }
