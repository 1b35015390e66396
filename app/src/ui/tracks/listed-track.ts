import type { Track } from '@tonestead/protocol/catalog'
import type { Mark } from '../../engine/search/search.ts'

/** The fields of a track that a row shows. A track of the catalog has them, and so does a search hit whose track is not loaded yet. */
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
  /** When it was added to a playlist; UTC, ms. */
  readonly addedAt?: number | undefined
  /** Who added it to a shared playlist, for people. */
  readonly addedBy?: string | undefined
  /** The key under which it is saved, where the catalog of this server does not say it. */
  readonly savedKey?: string | undefined
  /** A row of a search says that it is saved. */
  readonly isMarkedSaved?: boolean | undefined
  /** Why it cannot be played; the row shows it. */
  readonly note?: string | undefined
  /** The parts that match a search. Those of the credits are offsets in their joined text. */
  readonly marks?:
    { readonly title: readonly Mark[]; readonly credit: readonly Mark[]; readonly release: readonly Mark[] } | undefined
}

export const isWholeTrack = (track: ListedTrack): track is Track => 'heads' in track
