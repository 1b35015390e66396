import { createHmac, timingSafeEqual } from 'node:crypto'
import { parseRecordingId, type RecordingId } from '@tonestead/crdt/ids'
import type { Bytes } from '@tonestead/protocol/bytes'
import { ProblemError } from '@tonestead/protocol/problem'
import type { Clock } from '../ports/clock.ts'

export type HlsCapabilities = {
  make(recording: RecordingId, lifetimeMs: number): { readonly capability: string; readonly expiresAt: number }
  /** The recording that the capability is for. Throws a ProblemError `capability-invalid`. */
  read(capability: string): RecordingId
}

const pattern = /^([a-z2-7]{26})\.([0-9a-z]{1,10})\.([\w-]{32})$/

/** Makes and checks capabilities for HLS links. Nothing is stored: the capability contains recording, expiry and a MAC of 24 bytes. */
export const createHlsCapabilities = (deps: { secret: Bytes; clock: Clock }): HlsCapabilities => {
  const macOf = (content: string): Buffer =>
    createHmac('sha256', deps.secret).update(`tonestead/hls/v1|${content}`).digest().subarray(0, 24)
  return {
    make: (recording, lifetimeMs) => {
      const expiresAt = Math.ceil((deps.clock.now() + lifetimeMs) / 1000)
      const content = `${recording}.${expiresAt.toString(36)}`
      return { capability: `${content}.${macOf(content).toString('base64url')}`, expiresAt: expiresAt * 1000 }
    },
    read: (capability) => {
      const [, recording, expiry, mac] = pattern.exec(capability) ?? []
      if (recording === undefined || expiry === undefined || mac === undefined)
        throw new ProblemError('capability-invalid')
      const isValid = timingSafeEqual(macOf(`${recording}.${expiry}`), Buffer.from(mac, 'base64url'))
      if (!isValid || Number.parseInt(expiry, 36) * 1000 <= deps.clock.now())
        throw new ProblemError('capability-invalid', 'Request a new link.')
      return parseRecordingId(recording)
    },
  }
}
