import type { SigningJwk } from '@tonestead/protocol/device-log'
import { readRelayPass } from '@tonestead/protocol/relay-pass'
import type { Author } from '@tonestead/protocol/sync/log/rights'
import type { Clock } from '../ports/clock.ts'

export type CheckPass = (pass: string, author: Author) => Promise<boolean>

type PassDeps = {
  readonly clock: Pick<Clock, 'now'>
  readonly relayKey: SigningJwk
  /** Public keys of the media servers whose accounts may use this relay. */
  readonly passKeys: () => readonly SigningJwk[]
}

/** [RC2] A pass counts for one device of one account, at one relay, for a short time. */
export const createPassCheck =
  ({ clock, relayKey, passKeys }: PassDeps): CheckPass =>
  async (pass, { account, device }) => {
    const read = await Promise.all(passKeys().map((key) => readRelayPass(pass, key)))
    return read.some(
      (found) =>
        found?.account === account &&
        found.device === device &&
        found.relay === relayKey.x &&
        found.expiresAt > clock.now(),
    )
  }
