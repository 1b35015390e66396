import type { FilePlaylist } from './playlist-file.ts'

/** What a reader found. `leftOut`: entries beyond the limits. */
export type ReadFormat =
  | { readonly kind: 'read'; readonly playlist: FilePlaylist; readonly leftOut: number }
  | { readonly kind: 'not-a-playlist' | 'broken' }
