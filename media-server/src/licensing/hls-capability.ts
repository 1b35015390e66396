import { createHmac, timingSafeEqual } from 'node:crypto'
import { parseRecordingId, type RecordingId } from '@tonestead/crdt/ids'
import type { Bytes } from '@tonestead/protocol/bytes'
import { ProblemError } from '@tonestead/protocol/problem'
import type { Clock } from '../ports/clock.ts'

export type HlsCapabilities = {
  make(recording: RecordingId, lifetimeMs: number): { readonly capability: string; readonly expiresAt: number }
  /** The recording it opens, or throws `capability-invalid`. */
  read(capability: string): RecordingId
}

const pattern = /^([a-z2-7]{26})\.([0-9a-z]{1,10})\.([\w-]{32})$/

/** Nothing is kept: recording and end stand in the path, under a MAC of 24 bytes. */
export const createHlsCapabilities = (deps: { secret: Bytes; clock: Clock }): HlsCapabilities => {
  const macOf = (named: string): Buffer =>
    createHmac('sha256', deps.secret).update(`tonestead/hls/v1|${named}`).digest().subarray(0, 24)
  return {
    make: (recording, lifetimeMs) => {
      const expiresAt = Math.ceil((deps.clock.now() + lifetimeMs) / 1000)
      const named = `${recording}.${expiresAt.toString(36)}`
      return { capability: `${named}.${macOf(named).toString('base64url')}`, expiresAt: expiresAt * 1000 }
    },
    read: (capability) => {
      const [, recording, ends, mac] = pattern.exec(capability) ?? []
      if (recording === undefined || ends === undefined || mac === undefined)
        throw new ProblemError('capability-invalid')
      const holds = timingSafeEqual(macOf(`${recording}.${ends}`), Buffer.from(mac, 'base64url'))
      if (!holds || Number.parseInt(ends, 36) * 1000 <= deps.clock.now())
        throw new ProblemError('capability-invalid', 'Ask for a new link.')
      return parseRecordingId(recording)
    },
  }
}
