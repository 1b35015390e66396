import type { ArtistCredit } from '@tonestead/protocol/catalog'
import { rowDiffers, trackRow, type ReleaseTrack } from './sqlite-published-rows.ts'
import type { ReleaseRows, WantedRelease } from './sqlite-release-read.ts'
import type { CreditRow, TrackRow } from './sqlite-schema.ts'

/** A track that is new (`before` is undefined) or that has changed. */
export type TrackChange = {
  readonly track: ReleaseTrack
  readonly before: { readonly row: TrackRow; readonly credits: readonly CreditRow[] } | undefined
}

export const changedTracks = (rows: ReleaseRows, { release, tracks }: WantedRelease): readonly TrackChange[] =>
  tracks.flatMap((track): TrackChange[] => {
    const row = rows.tracks.get(track.id)
    if (row === undefined) return [{ track, before: undefined }]
    const credits = rows.credits.get(track.id) ?? []
    const isSame = !rowDiffers(row, trackRow(release.id, track)) && !creditsDiffer(credits, track.credits)
    return isSame ? [] : [{ track, before: { row, credits } }]
  })

export const removedTracks = (rows: ReleaseRows, wanted: readonly ReleaseTrack[]): ReadonlyMap<string, TrackRow> => {
  const ids = new Set<string>(wanted.map((track) => track.id))
  return new Map([...rows.tracks].filter(([id]) => !ids.has(id)))
}

export const creditRows = (owner: string, credits: readonly ArtistCredit[]): CreditRow[] =>
  credits.map((credit, place) => ({ owner, place, artist_id: credit.id, name: credit.name, joined_by: credit.join }))

export const creditsDiffer = (before: readonly CreditRow[], credits: readonly ArtistCredit[]): boolean =>
  before.length !== credits.length ||
  creditRows(before[0]?.owner ?? '', credits).some((row, place) => rowDiffers(before[place], row))

/** The artists whose counts or names may change, with a name for those that are new. */
export const artistsConcerned = (
  rows: ReleaseRows,
  { release, tracks }: WantedRelease,
  changed: ReadonlySet<string>,
): readonly { readonly id: string; readonly name: string }[] => {
  const owners = [release.id, ...changed]
  const before = owners.flatMap((owner) => rows.credits.get(owner) ?? [])
  const after = [release, ...tracks.filter((track) => changed.has(track.id))].flatMap(({ credits }) => credits)
  return [...after, ...before.map((credit) => ({ id: credit.artist_id, name: credit.name }))]
}
