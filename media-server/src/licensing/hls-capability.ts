import { createHmac, timingSafeEqual } from 'node:crypto'
import { parseDeviceId, parseRecordingId, type DeviceId, type RecordingId } from '@tonestead/crdt/ids'
import type { Bytes } from '@tonestead/protocol/bytes'
import { ProblemError } from '@tonestead/protocol/problem'
import type { Clock } from '../ports/clock.ts'

export type HlsCapabilities = {
  /** `device` is the one that asks: its links end when it is removed. */
  make(link: { recording: RecordingId; device: DeviceId; lifetimeMs: number }): {
    readonly capability: string
    readonly expiresAt: number
  }
  /** The recording that the capability is for, and the device that made it. Throws a ProblemError `capability-invalid`. */
  read(capability: string): { readonly recording: RecordingId; readonly device: DeviceId }
}

const pattern = /^([a-z2-7]{26})\.([0-9a-z]{1,10})\.([a-z2-7]{52})\.([\w-]{32})$/

/** Makes and checks capabilities for HLS links. Nothing is stored: the capability contains recording, expiry, device and a MAC of 24 bytes. */
export const createHlsCapabilities = (deps: { secret: Bytes; clock: Clock }): HlsCapabilities => {
  const macOf = (content: string): Buffer =>
    createHmac('sha256', deps.secret).update(`tonestead/hls/v2|${content}`).digest().subarray(0, 24)
  return {
    make: ({ recording, device, lifetimeMs }) => {
      const expiresAt = Math.ceil((deps.clock.now() + lifetimeMs) / 1000)
      const content = `${recording}.${expiresAt.toString(36)}.${device}`
      return { capability: `${content}.${macOf(content).toString('base64url')}`, expiresAt: expiresAt * 1000 }
    },
    read: (capability) => {
      const [, recording, expiry, device, mac] = pattern.exec(capability) ?? []
      if (recording === undefined || expiry === undefined || device === undefined || mac === undefined)
        throw new ProblemError('capability-invalid')
      const isValid = timingSafeEqual(macOf(`${recording}.${expiry}.${device}`), Buffer.from(mac, 'base64url'))
      if (!isValid || Number.parseInt(expiry, 36) * 1000 <= deps.clock.now())
        throw new ProblemError('capability-invalid', 'Request a new link.')
      return { recording: parseRecordingId(recording), device: parseDeviceId(device) }
    },
  }
}
