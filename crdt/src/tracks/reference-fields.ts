import { parseRecordingId, parseReleaseId, parseServerId, parseTrackId } from '../ids.ts'
import { parseDurationMs } from '../instant.ts'
import { maxCredits, maxCreditUnits, maxJoinUnits, maxReferenceTitleUnits } from '../documents/document-limits.ts'
import { catalogIdPattern, isCount, isShortText, isTextLike, maxMs, serverIdPattern } from '../documents/packed-text.ts'
import { isrcPattern, type CreditName, type TrackReference } from './track-reference.ts'

/**
 * [DC4] A reference as fields of a packed text: server id, track id, recording id, title, credits as pairs of name and join, release id or an empty
 * text, release title, duration in whole milliseconds, ISRC or an empty text.
 */
export const referenceFields = (reference: TrackReference): readonly unknown[] => [
  reference.serverId,
  reference.trackId,
  reference.recordingId,
  reference.title,
  reference.credits.map(({ name, join }) => [name, join]),
  reference.release.id ?? '',
  reference.release.title,
  reference.durationMs,
  reference.isrc ?? '',
]

/** The reference of its fields; undefined when one of them is wrong. */
export const readReference = (fields: readonly unknown[]): TrackReference | undefined => {
  const [server, track, recording, ...described] = fields
  const description = readDescription(described)
  if (description === undefined || !isTextLike(server, serverIdPattern)) return undefined
  if (!isTextLike(track, catalogIdPattern) || !isTextLike(recording, catalogIdPattern)) return undefined
  return {
    serverId: parseServerId(server),
    trackId: parseTrackId(track),
    recordingId: parseRecordingId(recording),
    ...description,
  }
}

/** What a person needs. */
const readDescription = (
  fields: readonly unknown[],
): Omit<TrackReference, 'serverId' | 'trackId' | 'recordingId'> | undefined => {
  const [title, credits, release, releaseTitle, duration, isrc] = fields
  const names = readCredits(credits)
  if (fields.length !== 6 || names === undefined || !isCount(duration, maxMs)) return undefined
  if (!isShortText(title, maxReferenceTitleUnits) || !isShortText(releaseTitle, maxReferenceTitleUnits))
    return undefined
  if (!isTextLike(release, optionalCatalogId) || !isTextLike(isrc, optionalIsrc)) return undefined
  return {
    title,
    credits: names,
    release: { ...(release === '' ? {} : { id: parseReleaseId(release) }), title: releaseTitle },
    durationMs: parseDurationMs(duration),
    ...(isrc === '' ? {} : { isrc }),
  }
}

const optionalCatalogId = /^(?:[a-z2-7]{26})?$/
const optionalIsrc = new RegExp(`^$|${isrcPattern.source}`)

/** Pairs of name and join; undefined when they are wrong. */
export const readCredits = (value: unknown): readonly CreditName[] | undefined => {
  if (!Array.isArray(value) || value.length > maxCredits) return undefined
  const names: CreditName[] = []
  for (const pair of value as readonly unknown[]) {
    if (!Array.isArray(pair) || pair.length !== 2) return undefined
    const [name, join] = pair as readonly unknown[]
    if (!isShortText(name, maxCreditUnits) || !isShortText(join, maxJoinUnits)) return undefined
    names.push({ name, join })
  }
  return names
}
