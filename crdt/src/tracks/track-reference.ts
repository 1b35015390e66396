import type { RecordingId, ReleaseId, ServerId, TrackId } from '../ids.ts'
import type { DurationMs } from '../instant.ts'
import {
  maxCredits,
  maxCreditsUnits,
  maxCreditUnits,
  maxJoinUnits,
  maxReferenceTitleUnits,
} from '../documents/document-limits.ts'

/** A credited name, and the text that follows it (" & ", " feat. ", or ""). */
export type CreditName = { readonly name: string; readonly join: string }

/**
 * A track as a document remembers it: where it is, and what a person needs to recognise it without its server. Ids are those of the server.
 * A release without id, an empty title and a duration of 0 are of a queue that was stored before references existed.
 * `durationMs` is whole. `isrc`: 12 characters, capital letters and digits.
 */
export type TrackReference = {
  readonly serverId: ServerId
  readonly trackId: TrackId
  readonly recordingId: RecordingId
  readonly title: string
  readonly credits: readonly CreditName[]
  readonly release: { readonly id?: ReleaseId; readonly title: string }
  readonly durationMs: DurationMs
  readonly isrc?: string
}

/**
 * [TR1] A reference within the limits of documents: texts are cut between characters, surrogates without a partner become U+FFFD, the duration is
 * rounded, further credits are left out, an ISRC is written without separators, and left out if it is none.
 */
export const fitReference = ({ isrc, ...reference }: TrackReference): TrackReference => {
  const code = isrc?.toUpperCase().replaceAll(/[^A-Z0-9]/g, '')
  return {
    ...reference,
    title: fitText(reference.title, maxReferenceTitleUnits),
    credits: fitCredits(reference.credits),
    release: { ...reference.release, title: fitText(reference.release.title, maxReferenceTitleUnits) },
    durationMs: Math.round(reference.durationMs) as DurationMs,
    ...(code !== undefined && isrcPattern.test(code) ? { isrc: code } : {}),
  }
}

/** [TR1] As many credits as have room: names at the end are left out. Units of JSON are counted, because some characters are escaped there. */
export const fitCredits = (credits: readonly CreditName[]): CreditName[] => {
  const fitted: CreditName[] = []
  let units = 0
  for (const { name, join } of credits.slice(0, maxCredits)) {
    const credit = { name: fitText(name, maxCreditUnits), join: fitText(join, maxJoinUnits) }
    units += JSON.stringify(credit).length
    if (units > maxCreditsUnits) break
    fitted.push(credit)
  }
  return fitted
}

/** An ISRC without separators (ISO 3901): country or prefix, registrant, year, number. */
export const isrcPattern = /^[A-Z]{2}[A-Z0-9]{3}\d{7}$/

/** [TR1] The text, cut to `maxUnits` UTF-16 units between characters; surrogates without a partner become U+FFFD. */
export const fitText = (text: string, maxUnits: number): string => {
  let fitted = ''
  for (const character of text.replaceAll(/\p{Cs}/gu, '\u{fffd}')) {
    if (fitted.length + character.length > maxUnits) break
    fitted += character
  }
  return fitted
}

/** The credits as one line: names and the texts between them. */
export const creditLine = (credits: readonly CreditName[]): string =>
  credits.map(({ name, join }) => `${name}${join}`).join('')
