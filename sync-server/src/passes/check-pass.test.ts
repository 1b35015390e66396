import { signRelayPass, type RelayPass } from '@tonestead/protocol/relay-pass'
import { expect, it } from 'vitest'
import { newAccount, newDevice } from '../ports/log-store.testkit.ts'
import { signingPairOf } from '../../../protocol/src/vectors.testkit.ts'
import { createPassCheck } from './check-pass.ts'

const now = 1_700_000_000_000
const [server, other, relay] = await Promise.all([1, 2, 3].map((byte) => signingPairOf(new Uint8Array(32).fill(byte))))
const author = { account: newAccount(), device: newDevice() }
const check = createPassCheck({
  clock: { now: () => now as never },
  relayKey: relay!.publicKey,
  passKeys: () => [other!.publicKey, server!.publicKey],
})
const passOf = (change: Partial<RelayPass> = {}, key = server!.privateKey): Promise<string> =>
  signRelayPass(key, { ...author, relay: relay!.publicKey.x, expiresAt: now + 1, ...change })

it('[RC2] takes a pass of a known media server for this device, this relay and this time, and no other', async () => {
  expect(await check(await passOf(), author)).toBe(true)
  expect(await check(await passOf({}, other!.privateKey), author)).toBe(true)
  const wrong = [
    await passOf({ account: newAccount() }),
    await passOf({ device: newDevice() }),
    await passOf({ relay: other!.publicKey.x }),
    await passOf({ expiresAt: now }),
    await passOf({}, relay!.privateKey),
    (await passOf()).replace(/.$/, (last) => (last === 'A' ? 'Q' : 'A')),
    'a.b.c',
    '',
  ]
  for (const pass of wrong) expect(await check(pass, author), pass).toBe(false)
})
