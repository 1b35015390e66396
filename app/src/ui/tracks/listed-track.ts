import type { Track } from '@tonestead/protocol/catalog'
import type { Mark } from '../../engine/search/search.ts'

/** What a row shows of a track. A track of the catalog is one; a search result is one too, before the rest of it has come. */
export type ListedTrack = {
  readonly id: string
  readonly title: string
  readonly credits: readonly { readonly id: string; readonly name: string; readonly join: string }[]
  readonly release: {
    readonly id: string
    readonly title: string
    readonly cover?: { readonly id: string; readonly color: string } | undefined
  }
  readonly position?: number | undefined
  readonly durationMs: number
  readonly year?: number | undefined
  /** The parts that a search meant; those of the credits count in their joined text. */
  readonly marks?:
    { readonly title: readonly Mark[]; readonly credit: readonly Mark[]; readonly release: readonly Mark[] } | undefined
}

export const isWholeTrack = (track: ListedTrack): track is Track => 'heads' in track
