import { relayPassLifetimeMs, signRelayPass } from '@tonestead/protocol/relay-pass'
import type { Clock } from '../ports/clock.ts'
import type { Caller } from './sessions.ts'

type DeviceCaller = Extract<Caller, { kind: 'device' }>

/** Signs passes with which a device shows a relay that this server knows its account. */
export const createRelayPasses =
  (deps: { readonly clock: Clock; readonly signingKey: CryptoKey }) =>
  async (
    { account, device }: DeviceCaller,
    relay: string,
  ): Promise<{ readonly pass: string; readonly expiresAt: number }> => {
    const expiresAt = deps.clock.now() + relayPassLifetimeMs
    return { pass: await signRelayPass(deps.signingKey, { account, device, relay, expiresAt }), expiresAt }
  }
