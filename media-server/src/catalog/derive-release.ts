import type { ReleaseId } from '@tonestead/crdt/ids'
import type { ArtistCredit } from '@tonestead/protocol/catalog'
import type { CatalogIds } from '../ingest/catalog-ids.ts'
import { nameKey } from '../ingest/clean-text.ts'
import { unknownArtist, variousArtists } from '../ingest/track-description.ts'
import type { PublishedRelease } from '../ports/catalog-store.ts'
import type { DerivedTrack, DeriveRelease, NamedCredit, PresentSource } from '../ports/source-facts.ts'
import { albumLoudness } from './album-loudness.ts'
import { groupSources } from './group-sources.ts'

/** Derives a release from its sources: the rules CT1 to CT12 of SPEC.md. */
export const createReleaseDerivation =
  (ids: CatalogIds): DeriveRelease =>
  (id, sources) => {
    // The first rule of every tie is the order of names, so that the order in which files were found does not matter [CT8].
    const sorted = sources.toSorted(byName)
    if (sorted.length === 0) return undefined
    const groups = groupSources(sorted)
    const tracks = groups.map((group): DerivedTrack => {
      const { best } = group
      const { description } = best.facts
      const { disc, position, title } = description
      return {
        id: ids.track({ releaseId: id, disc, position, title, ordinal: group.ordinal }),
        title,
        disc,
        position,
        credits: withIds(ids, description.credits),
        isPublic: best.isPublic,
        musicBrainzId: description.musicBrainzId,
        recordingId: best.facts.recordingId,
        sourceIds: group.sources.map((source) => source.id),
      }
    })
    const shown = groups.map((group) => group.best).filter(({ isPublic }) => isPublic)
    const loudness = albumLoudness(
      (shown.length > 0 ? shown : groups.map((group) => group.best)).map((source) => ({
        loudness: source.loudness,
        durationMs: source.facts.durationMs,
      })),
    )
    return { release: { ...deriveFields(ids, id, sorted), loudness }, tracks }
  }

const byName = (a: PresentSource, b: PresentSource): number =>
  compare(a.name, b.name) ||
  compare(a.facts.recordingId, b.facts.recordingId) ||
  Number(b.isPublic) - Number(a.isPublic) ||
  compare(a.id, b.id)

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

const deriveFields = (
  ids: CatalogIds,
  id: ReleaseId,
  sorted: readonly PresentSource[],
): Omit<PublishedRelease, 'loudness'> => {
  const shown = sorted.filter((source) => source.isPublic)
  const counted = (shown.length > 0 ? shown : sorted).map((source) => source.facts)
  const releases = counted.map((facts) => facts.description.release)
  const { credits, isMixed } = creditsOf(releases)
  return {
    id,
    title: mostFrequent(releases.map((release) => release.title)) ?? '',
    credits: withIds(ids, credits),
    type: isMixed ? 'compilation' : (mostFrequent(releases.map((release) => release.type)) ?? 'album'),
    year: mostFrequent(releases.map((release) => release.year)),
    label: mostFrequent(releases.map((release) => release.label)),
    barcode: mostFrequent(releases.map((release) => release.barcode)),
    cover: mostFrequent(counted.map((facts) => facts.cover)),
    musicBrainzId: mostFrequent(releases.map((release) => release.musicBrainzId)),
  }
}

type ReleaseDescription = PresentSource['facts']['description']['release']

const creditsOf = (
  releases: readonly ReleaseDescription[],
): { readonly credits: readonly NamedCredit[]; readonly isMixed: boolean } => {
  const own = mostFrequent(releases.filter((release) => release.hasOwnCredits).map((release) => release.credits))
  if (own !== undefined) return { credits: own, isMixed: false }
  const all = releases.map((release) => release.credits)
  const known = all.filter(([first]) => first !== undefined && nameKey(first.name) !== nameKey(unknownArtist.name))
  const isMixed = new Set(known.map(([first]) => nameKey(first?.name ?? ''))).size > 1
  if (isMixed) return { credits: [variousArtists], isMixed }
  return { credits: mostFrequent(known) ?? mostFrequent(all) ?? [unknownArtist], isMixed }
}

/** The most frequent value that is defined, compared as JSON; of several equally frequent ones the first. */
const mostFrequent = <Value>(values: readonly (Value | undefined)[]): Value | undefined => {
  const counts = new Map<string, { readonly value: Value; count: number }>()
  for (const value of values) {
    if (value === undefined) continue
    const key = JSON.stringify(value)
    const known = counts.get(key)
    if (known === undefined) counts.set(key, { value, count: 1 })
    else known.count += 1
  }
  let best: { readonly value: Value; count: number } | undefined
  for (const counted of counts.values()) if (best === undefined || counted.count > best.count) best = counted
  return best?.value
}

const withIds = (ids: CatalogIds, credits: readonly NamedCredit[]): ArtistCredit[] =>
  credits.map(({ name, join, musicBrainzId }) => ({ id: ids.artist(name, musicBrainzId), name, join }))
