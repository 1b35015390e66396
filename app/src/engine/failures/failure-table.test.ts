import { problemCodes } from '@tonestead/protocol/problem'
import { describe, expect, test } from 'vitest'
import type { PlaybackProblem } from '../playback/playback-state.ts'
import type { StreamProblem } from '../streaming/stream-failure.ts'
import { cureOfProblem, mayTryAgain, playbackProblems, retryOfProblem, streamFailureOf } from './failure-table.ts'

const isSentence = /^[A-Z].*\.$/

describe('problems of the server', () => {
  test.each(problemCodes)('%s has a way to be retried and a sentence that says what to do', (code) => {
    expect(['never', 'after-sign-in', 'after-delay', 'when-online', 'by-person']).toContain(retryOfProblem(code))
    expect(cureOfProblem(code)).toMatch(isSentence)
  })
  test('exactly the refused proofs and tokens are retried after a sign-in', () => {
    const retried = problemCodes.filter((code) => retryOfProblem(code) === 'after-sign-in')
    expect(retried.toSorted()).toEqual([
      'clock-skewed',
      'proof-invalid',
      'proof-replayed',
      'proof-required',
      'token-expired',
    ])
  })
  test('only a server that is not ready is retried after a delay', () => {
    expect(problemCodes.filter((code) => retryOfProblem(code) === 'after-delay')).toEqual(['not-ready'])
  })
  test('a code of a newer server, or a name of Object.prototype, is treated as internal', () => {
    for (const code of ['brand-new', 'constructor', '__proto__']) {
      expect(retryOfProblem(code)).toBe(retryOfProblem('internal'))
      expect(cureOfProblem(code)).toBe(cureOfProblem('internal'))
    }
  })
  test('the detail of the server is shown where the table only says to try again', () => {
    expect(cureOfProblem('internal', 'The disk is read-only.')).toBe('The disk is read-only.')
    expect(cureOfProblem('storage-full', '0 bytes left.')).toBe(cureOfProblem('storage-full'))
  })
  test('what cannot be found offers no retry', () => {
    for (const code of problemCodes.filter(
      (each) => each.endsWith('not-found') && each !== 'upload-not-found' && each !== 'pairing-not-found',
    ))
      expect(mayTryAgain(code)).toBe(false)
  })
})

describe('problems of playback', () => {
  test.each(Object.entries(playbackProblems))('%s says what happened and what to do', (_code, { title, cure }) => {
    expect(title).toMatch(isSentence)
    expect(cure).toMatch(isSentence)
  })
  test('what failed for want of a server goes on when there is one', () => {
    const codes = Object.keys(playbackProblems) as PlaybackProblem[]
    expect(codes.filter((code) => playbackProblems[code].retry === 'when-online')).toEqual([
      'offline-not-kept',
      'server-unreachable',
    ])
  })
  test.each<[StreamProblem | 'new' | undefined, string, PlaybackProblem]>([
    ['chunk-gone', 'after-delay', 'track-withdrawn'],
    ['chunk-damaged', 'never', 'chunk-damaged'],
    ['offline', 'never', 'offline-not-kept'],
    ['unreachable', 'after-delay', 'server-unreachable'],
    ['key-missing', 'never', 'not-permitted'],
    ['license-expired', 'never', 'license-expired'],
    ['play-unknown', 'after-delay', 'player-failed'],
    ['head-invalid', 'never', 'player-failed'],
    ['new', 'never', 'player-failed'],
    [undefined, 'after-delay', 'player-failed'],
  ])('a stream that failed with %s is retried %s and shown as %s', (code, retry, shownAs) => {
    expect(streamFailureOf(code)).toEqual({ retry, shownAs })
  })
})
