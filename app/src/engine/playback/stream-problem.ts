import type { StreamProblem } from '../streaming/stream-failure.ts'
import type { PlaybackProblem } from './playback-state.ts'

const table: Readonly<Record<StreamProblem, PlaybackProblem>> = {
  'chunk-gone': 'track-withdrawn',
  'chunk-damaged': 'chunk-damaged',
  offline: 'offline-not-kept',
  unreachable: 'server-unreachable',
  'key-missing': 'not-permitted',
  'license-expired': 'license-expired',
  'play-unknown': 'player-failed',
  'head-invalid': 'player-failed',
}
/** Trying again by itself can help: another play picks other chunks, the server may come back, a media element may have stumbled. */
const passing: ReadonlySet<string> = new Set<StreamProblem>(['chunk-gone', 'unreachable', 'play-unknown'])

/** What a person is told when a stream fails for this reason; undefined: the element failed and the worker said nothing. */
export const streamProblem = (code: string | undefined): PlaybackProblem =>
  code !== undefined && code in table ? table[code as StreamProblem] : 'player-failed'

export const isWorthARetry = (code: string | undefined, problem: PlaybackProblem): boolean =>
  code === undefined ? problem === 'player-failed' : passing.has(code)

export const licenseProblem = (outcome: 'denied' | 'expired' | 'offline', isOnline: boolean): PlaybackProblem => {
  if (outcome === 'denied') return 'not-permitted'
  if (outcome === 'expired') return 'license-expired'
  return isOnline ? 'server-unreachable' : 'offline-not-kept'
}
