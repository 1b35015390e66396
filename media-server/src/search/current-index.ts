import type { SearchIndex } from '@tonestead/search-index/search-index'

/** An open index and how new it is: it contains the catalog's changes up to `sequence`, and plays up to `builtAt` or later. */
export type CurrentIndex = { readonly index: SearchIndex; readonly builtAt: number; sequence: number }
