import { nameKey } from '../ingest/clean-text.ts'
import type { PresentSource } from '../ports/source-facts.ts'

/** Sources that are one track. `ordinal`: its number among the groups with the same disc, position and title. */
export type SourceGroup = {
  readonly sources: readonly PresentSource[]
  readonly best: PresentSource
  readonly ordinal: number
}

/** Encoders and tags differ a little in the length of the same track. */
const sameLengthMs = 2000

/** Groups the sources of one release into tracks [CT9]. They must be in the order of names. */
export const groupSources = (sorted: readonly PresentSource[]): readonly SourceGroup[] =>
  [...Map.groupBy(sorted, keyOf).values()].flatMap((sources) => {
    const groups = groupByLength(sources).map((group) => group.toSorted(inOrderOf(sources)))
    const ordered = groups.toSorted((a, b) => publicFirst(a, b) || inOrderOf(sources)(a[0], b[0]))
    return ordered.flatMap((group, ordinal) => {
      const [best] = group.toSorted(bestFirst)
      return best === undefined ? [] : [{ sources: group, best, ordinal }]
    })
  })

const keyOf = ({ facts: { description } }: PresentSource): string =>
  `${description.disc}/${description.position ?? ''}/${nameKey(description.title)}`

/** Public sources are grouped among themselves; private ones join the nearest of these groups, or form their own [CT10]. */
const groupByLength = (sources: readonly PresentSource[]): PresentSource[][] => {
  const shown = cutByLength(sources.filter((source) => source.isPublic))
  const rest: PresentSource[] = []
  // Distances go to the public sources: those are the same whatever private ones have joined.
  const lengths = shown.map((group) => group.map((source) => source.facts.durationMs))
  for (const source of sources.filter(({ isPublic }) => !isPublic)) {
    const distances = lengths.map((group) => distanceTo(source.facts.durationMs, group))
    const nearest = distances.indexOf(Math.min(...distances))
    const group = shown[nearest]
    if (group === undefined || (distances[nearest] ?? 0) > sameLengthMs) rest.push(source)
    else group.push(source)
  }
  return [...shown, ...cutByLength(rest)]
}

const distanceTo = (durationMs: number, lengths: readonly number[]): number =>
  Math.max(0, Math.min(...lengths) - durationMs, durationMs - Math.max(...lengths))

const cutByLength = (sources: readonly PresentSource[]): PresentSource[][] => {
  const groups: PresentSource[][] = []
  let shortest = Number.NEGATIVE_INFINITY
  for (const source of sources.toSorted((a, b) => a.facts.durationMs - b.facts.durationMs)) {
    const last = groups.at(-1)
    if (last !== undefined && source.facts.durationMs - shortest <= sameLengthMs) last.push(source)
    else {
      groups.push([source])
      shortest = source.facts.durationMs
    }
  }
  return groups
}

const isPublicGroup = (group: readonly PresentSource[]): boolean => group.some((source) => source.isPublic)
const publicFirst = (a: readonly PresentSource[], b: readonly PresentSource[]): number =>
  Number(isPublicGroup(b)) - Number(isPublicGroup(a))

/** The order of names, which `sources` are in. A public group begins with its first public source, so that private ones do not change the order. */
const inOrderOf = (sources: readonly PresentSource[]) => {
  const places = new Map(sources.map((source, place) => [source.id, place]))
  const placeOf = (source: PresentSource | undefined): number =>
    source === undefined ? sources.length : (places.get(source.id) ?? 0) + (source.isPublic ? 0 : sources.length)
  return (a: PresentSource | undefined, b: PresentSource | undefined): number => placeOf(a) - placeOf(b)
}

/** [CT11]. Sorting is stable: what is equal here stays in the order of names. */
const bestFirst = (a: PresentSource, b: PresentSource): number =>
  Number(b.isPublic) - Number(a.isPublic) ||
  Number(b.facts.isLossless) - Number(a.facts.isLossless) ||
  b.facts.durationMs - a.facts.durationMs
