import { refusals } from '@tonestead/protocol/ingest'
import { problems, type ProblemCode } from '@tonestead/protocol/problem'
import type { PlaybackProblem } from '../playback/playback-state.ts'
import type { StreamProblem } from '../streaming/stream-failure.ts'

// The one table of failures: code → how it is retried → words for a person. The delays are in retries.ts.

/**
 * How a failure is retried.
 * never: the same request fails again, so that no retry is offered.
 * after-sign-in: once, by the signed client, with a new session.
 * after-delay: by the signed client or the player, some times with growing delays.
 * when-online: as soon as the server answers again.
 * by-person: when a person says so, after a moment or after something was changed.
 */
export type Retry = 'never' | 'after-sign-in' | 'after-delay' | 'when-online' | 'by-person'

type ServerRow = { readonly retry: Retry; readonly cure: string }

const inAMoment = 'Try again in a moment. If it stays, whoever runs this server finds the cause in its log.'
const reload = 'Reload the page. If it stays, the versions of the page and the server do not fit together.'
const notHere = 'It may have been taken out of the library, or this account may not see it.'
const clock = 'Check date and time of this device, then try again.'

/** What the server answers. The titles are those of protocol/src/problem.ts. */
const serverRows: Readonly<Record<ProblemCode, ServerRow>> = {
  'invalid-request': { retry: 'never', cure: reload },
  'proof-required': { retry: 'after-sign-in', cure: inAMoment },
  'proof-invalid': { retry: 'after-sign-in', cure: inAMoment },
  'proof-replayed': { retry: 'after-sign-in', cure: inAMoment },
  'clock-skewed': { retry: 'after-sign-in', cure: clock },
  'token-expired': { retry: 'after-sign-in', cure: inAMoment },
  'not-permitted': { retry: 'by-person', cure: 'Ask the administrator of the server for the right to do this.' },
  'claim-invalid': { retry: 'never', cure: 'The console of the server shows the current one.' },
  'origin-refused': { retry: 'never', cure: 'Open the page at the address that the server is set up for.' },
  'capability-invalid': { retry: 'never', cure: 'Make a new link.' },
  'device-removed': {
    retry: 'never',
    cure: 'Another device of the account removed it. Delete the data of this site to begin as a new device.',
  },
  'not-found': { retry: 'never', cure: notHere },
  'chunk-not-found': { retry: 'never', cure: notHere },
  'cover-not-found': { retry: 'never', cure: notHere },
  'recording-not-found': { retry: 'never', cure: notHere },
  'release-not-found': { retry: 'never', cure: notHere },
  'artist-not-found': { retry: 'never', cure: notHere },
  'track-not-found': { retry: 'never', cure: notHere },
  'pairing-not-found': {
    retry: 'by-person',
    cure: 'Compare the code, or begin again on the new device: a code is kept for ten minutes.',
  },
  'upload-not-found': { retry: 'by-person', cure: 'Try again: the file is sent from its beginning.' },
  'method-not-allowed': { retry: 'never', cure: reload },
  'catalog-too-large': { retry: 'never', cure: 'Search asks the server instead.' },
  'recording-too-long': { retry: 'never', cure: 'Play it here: this player takes recordings of any length.' },
  'device-limit-reached': { retry: 'by-person', cure: 'Remove a device from the account, then try again.' },
  'already-claimed': { retry: 'never', cure: 'Ask that person for access.' },
  'pairing-taken': { retry: 'by-person', cure: 'Begin again on the new device, with a new code.' },
  'upload-offset-wrong': { retry: 'by-person', cure: 'Try again: the upload goes on where the server has it.' },
  'upload-locked': { retry: 'by-person', cure: 'Wait until the other page or device has sent it, or try again.' },
  'tus-version-unsupported': { retry: 'never', cure: reload },
  'url-too-long': { retry: 'never', cure: 'Use a shorter text.' },
  'headers-too-large': { retry: 'never', cure: reload },
  'body-too-large': { retry: 'never', cure: refusals['too-large'].cure },
  'media-type-unsupported': { retry: 'never', cure: reload },
  'range-not-satisfiable': { retry: 'never', cure: reload },
  'too-many-uploads': { retry: 'by-person', cure: 'Let the others end, or remove one, then try again.' },
  'rate-limited': { retry: 'by-person', cure: 'Try again in a minute.' },
  internal: { retry: 'by-person', cure: inAMoment },
  'not-ready': { retry: 'after-delay', cure: 'It is starting. Try again in a moment.' },
  'chunk-damaged': { retry: 'by-person', cure: 'The server makes it again from the file. Try again later.' },
  'storage-full': { retry: 'by-person', cure: 'Its administrator can free some space; then try again.' },
}

const isProblemCode = (code: string): code is ProblemCode => Object.hasOwn(problems, code)

/** A code of a newer server is treated as `internal`. */
const serverRow = (code: string): ServerRow => serverRows[isProblemCode(code) ? code : 'internal']

export const retryOfProblem = (code: string): Retry => serverRow(code).retry

/** What a person can do. The server's `detail` says more than the rows that fit every fault. */
export const cureOfProblem = (code: string, detail?: string): string => {
  const { cure } = serverRow(code)
  return cure === inAMoment || cure === reload ? (detail ?? cure) : cure
}

/** Whether the page offers to try again. */
export const mayTryAgain = (code: string): boolean => retryOfProblem(code) !== 'never'

type StreamRow = { readonly retry: 'never' | 'after-delay'; readonly shownAs: PlaybackProblem }

/** `after-delay`: another play picks other chunks, or the server comes back. */
const streamRows: Readonly<Record<StreamProblem, StreamRow>> = {
  'chunk-gone': { retry: 'after-delay', shownAs: 'track-withdrawn' },
  'chunk-damaged': { retry: 'never', shownAs: 'chunk-damaged' },
  offline: { retry: 'never', shownAs: 'offline-not-kept' },
  unreachable: { retry: 'after-delay', shownAs: 'server-unreachable' },
  'key-missing': { retry: 'never', shownAs: 'not-permitted' },
  'license-expired': { retry: 'never', shownAs: 'license-expired' },
  'play-unknown': { retry: 'after-delay', shownAs: 'player-failed' },
  'head-invalid': { retry: 'never', shownAs: 'player-failed' },
}
/** The media element failed and the worker reported no cause: the element may have stumbled. */
const unknownCause: StreamRow = { retry: 'after-delay', shownAs: 'player-failed' }
/** A cause that this version does not know. */
const otherCause: StreamRow = { retry: 'never', shownAs: 'player-failed' }

/** How a stream that failed for this reason is retried and shown. undefined: the worker reported no cause. */
export const streamFailureOf = (code: string | undefined): StreamRow => {
  if (code === undefined) return unknownCause
  return Object.hasOwn(streamRows, code) ? streamRows[code as StreamProblem] : otherCause
}

type PlaybackRow = {
  /** What happened. */ readonly title: string
  /** What a person can do about it. */ readonly cure: string
  /** After the retries of the player have failed. */
  readonly retry: 'when-online' | 'by-person'
  /** Whether less data could help. */ readonly mayLower: boolean
}

/** What the player shows. */
export const playbackProblems: Readonly<Record<PlaybackProblem, PlaybackRow>> = {
  'offline-not-kept': {
    retry: 'when-online',
    title: 'You are offline, and this track is not on this device.',
    cure: 'Connect again, or skip to one that is.',
    mayLower: false,
  },
  'server-unreachable': {
    retry: 'when-online',
    title: 'The server does not answer.',
    cure: 'Playback goes on by itself when it is back, or retry now.',
    mayLower: true,
  },
  'not-permitted': {
    retry: 'by-person',
    title: 'This account may not hear this track.',
    cure: 'Ask whoever runs this server for access.',
    mayLower: false,
  },
  'license-expired': {
    retry: 'by-person',
    title: 'The permission to play this kept track has run out.',
    cure: 'Connect to the server once to renew it.',
    mayLower: false,
  },
  'track-withdrawn': {
    retry: 'by-person',
    title: 'This track is no longer in the library.',
    cure: 'Skip it.',
    mayLower: false,
  },
  'chunk-damaged': {
    retry: 'by-person',
    title: 'Part of this track arrived damaged, twice.',
    cure: 'Retry, or choose another quality.',
    mayLower: true,
  },
  'storage-full': {
    retry: 'by-person',
    title: 'This browser has no room left to keep anything.',
    cure: 'Free some space on this device, then retry.',
    mayLower: true,
  },
  'format-unsupported': {
    retry: 'by-person',
    title: 'This browser does not play this format.',
    cure: 'A lower quality uses another format.',
    mayLower: true,
  },
  'autoplay-blocked': {
    retry: 'by-person',
    title: 'The browser wants a click before it plays sound.',
    cure: 'Press Play.',
    mayLower: false,
  },
  'player-failed': {
    retry: 'by-person',
    title: 'Playback stopped unexpectedly.',
    cure: 'Retry, or skip this track.',
    mayLower: false,
  },
}

/** Why no license came, as the player shows it. */
export const licenseProblem = (outcome: 'denied' | 'expired' | 'offline', isOnline: boolean): PlaybackProblem => {
  if (outcome === 'denied') return 'not-permitted'
  if (outcome === 'expired') return 'license-expired'
  return isOnline ? 'server-unreachable' : 'offline-not-kept'
}
