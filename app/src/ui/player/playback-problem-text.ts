import type { PlaybackProblem } from '../../engine/playback/playback-state.ts'

export type ProblemText = {
  readonly what: string
  readonly cure: string
  /** Whether less data could help. */ readonly mayLower: boolean
}

const texts: Readonly<Record<PlaybackProblem, ProblemText>> = {
  'offline-not-kept': {
    what: 'You are offline, and this track is not on this device.',
    cure: 'Connect again, or skip to one that is.',
    mayLower: false,
  },
  'server-unreachable': {
    what: 'The server does not answer.',
    cure: 'Playback goes on by itself when it is back, or retry now.',
    mayLower: true,
  },
  'not-permitted': {
    what: 'This account may not hear this track.',
    cure: 'Ask whoever runs this server for access.',
    mayLower: false,
  },
  'license-expired': {
    what: 'The permission to play this kept track has run out.',
    cure: 'Connect to the server once to renew it.',
    mayLower: false,
  },
  'track-withdrawn': { what: 'This track is no longer in the library.', cure: 'Skip it.', mayLower: false },
  'chunk-damaged': {
    what: 'Part of this track arrived damaged, twice.',
    cure: 'Retry, or choose another quality.',
    mayLower: true,
  },
  'storage-full': {
    what: 'This browser has no room left to keep anything.',
    cure: 'Free some space on this device, then retry.',
    mayLower: true,
  },
  'format-unsupported': {
    what: 'This browser does not play this format.',
    cure: 'A lower quality uses another format.',
    mayLower: true,
  },
  'autoplay-blocked': {
    what: 'The browser wants a click before it plays sound.',
    cure: 'Press Play.',
    mayLower: false,
  },
  'player-failed': { what: 'Playback stopped unexpectedly.', cure: 'Retry, or skip this track.', mayLower: false },
}

export const problemText = (problem: PlaybackProblem): ProblemText => texts[problem]
