import type { RecordingId, ServerId, TrackId } from '../ids.ts'
import { creditLine, type TrackReference } from './track-reference.ts'

/** What is known of a track on one media server: it is in the catalog, it is not there any more, or nobody asked yet. */
export type TrackStanding = 'present' | 'gone' | 'unknown'
/** The media server that answers now, as far as it is known. */
export type KnownCatalog = {
  readonly serverId: ServerId
  readonly standingOf: (id: TrackId) => TrackStanding
}
/** Whether an entry can be played here, and why not. `known` includes tracks that nobody asked about yet. */
export type Availability =
  | { readonly kind: 'known' }
  | { readonly kind: 'gone' }
  | { readonly kind: 'other-server'; readonly serverId: ServerId }

/** [TR2] Whether the tracks of a reference can be played from this catalog. */
export const availabilityOf = ({ serverId, trackId }: TrackReference, catalog: KnownCatalog): Availability => {
  if (serverId !== catalog.serverId) return { kind: 'other-server', serverId }
  return { kind: catalog.standingOf(trackId) === 'gone' ? 'gone' : 'known' }
}

/** How a track was found again: by the id of the same recording on the same server, by ISRC, or by title, credits and length. */
export type Match = { readonly track: TrackReference; readonly by: 'recording' | 'isrc' | 'description' }

/** [TR3] Two recordings of one title may differ by this much and still be the same: padding, other encoders, other silence at the end. */
export const matchToleranceMs = 3_000

/**
 * [TR3] The candidate that a reference means, undefined when there is none: the same recording on the same server, else one with the same ISRC, else one
 * with the same title and credits (without case, marks and punctuation) and about the same length. Among several: same release, nearest length, lowest id.
 */
export const matchTrack = (reference: TrackReference, candidates: readonly TrackReference[]): Match | undefined => {
  const rules = [
    ['recording', isSameRecording],
    ['isrc', isSameIsrc],
    ['description', isSameDescription],
  ] as const
  for (const [by, isSame] of rules) {
    const [track] = candidates.filter((each) => isSame(reference, each)).toSorted((a, b) => compare(reference, a, b))
    if (track !== undefined) return { track, by }
  }
  return undefined
}

type Comparison = (reference: TrackReference, candidate: TrackReference) => boolean

const isSameRecording: Comparison = (reference, candidate) => recordingKey(reference) === recordingKey(candidate)
const recordingKey = ({ serverId, recordingId }: TrackReference): `${ServerId}/${RecordingId}` =>
  `${serverId}/${recordingId}`

const isSameIsrc: Comparison = ({ isrc }, candidate) => isrc !== undefined && candidate.isrc === isrc

const isSameDescription: Comparison = (reference, candidate) =>
  folded(reference.title) !== '' &&
  folded(reference.title) === folded(candidate.title) &&
  folded(creditLine(reference.credits)) === folded(creditLine(candidate.credits)) &&
  distanceMs(reference, candidate) <= matchToleranceMs

const distanceMs = (reference: TrackReference, candidate: TrackReference): number =>
  Math.abs(reference.durationMs - candidate.durationMs)

const compare = (reference: TrackReference, a: TrackReference, b: TrackReference): number =>
  Number(isOtherRelease(reference, a)) - Number(isOtherRelease(reference, b)) ||
  distanceMs(reference, a) - distanceMs(reference, b) ||
  (a.trackId < b.trackId ? -1 : 1)

const isOtherRelease: Comparison = (reference, candidate) =>
  folded(reference.release.title) !== folded(candidate.release.title)

/** [TR3] A title or name in lower case, without marks, with letters and digits only: equal for what counts as the same. */
export const folded = (text: string): string =>
  text
    .normalize('NFKD')
    .replaceAll(/[^\p{L}\p{N}]/gu, '')
    .toLowerCase()
