import { deviceIdOf, signingJwkSchema, agreementJwkSchema } from '@tonestead/protocol/device-log'
import {
  openAnswer,
  pairingCodeBytes,
  pairingKeys,
  pairingLifetimeMs,
  sealOffer,
  writePairingCode,
  type PairingAnswer,
  type PairingKeys,
  type PairingOffer,
} from '@tonestead/protocol/pairing'
import { readAccountLog } from '@tonestead/protocol/sync/log/read-account-log'
import type { Clock } from '../../../ports/clock.ts'
import type { DeviceIdentity } from '../../../ports/device-store.ts'
import type { Random } from '../../../ports/random.ts'
import type { Answer } from '../../server/answer.ts'
import type { PairingMailbox } from './pairing-mailbox.ts'

export type OfferDeps = {
  readonly mailbox: PairingMailbox
  readonly subtle: SubtleCrypto
  readonly clock: Clock
  readonly random: Random
  /** Of this device, as the list of devices will show it. */
  readonly name: string
}

/** How an offer ended. `altered`: what came was not made by whoever knows the code. */
export type OfferOutcome =
  | { readonly kind: 'added'; readonly identity: DeviceIdentity; readonly by: string }
  | { readonly kind: 'declined' | 'expired' | 'altered' }

/** The code to show, and what becomes of it. `outcome` rejects only when the signal aborts. */
export type Offered = { readonly code: string; readonly outcome: Promise<OfferOutcome> }

type OwnKeys = {
  readonly signing: DeviceIdentity['signing']
  readonly sealing: NonNullable<DeviceIdentity['sealing']>
}
type Waiting = {
  readonly keys: PairingKeys
  readonly offer: string
  readonly own: OwnKeys
  readonly endsAtMs: number
}

const askEveryMs = 1000

/** [AP1] A new device offers its keys, sealed for whoever types its code. */
export const offerDevice = async (deps: OfferDeps, signal: AbortSignal): Promise<Answer<Offered>> => {
  const { subtle, random, clock, mailbox, name } = deps
  const secret = random.bytes(pairingCodeBytes)
  const [keys, own] = await Promise.all([pairingKeys({ subtle }, secret), makeKeys(subtle)])
  const message: PairingOffer = {
    v: 1,
    signingKey: own.signing.publicKey,
    sealingKey: own.sealing.publicKey,
    name: name.slice(0, 80),
  }
  const offer = await sealOffer({ subtle, random: (bytes) => random.bytes(bytes) }, keys, message)
  const opened = await mailbox.open(keys.mailbox, offer, signal)
  if (opened.kind !== 'ready') return opened
  const endsAtMs = clock.elapsedMs() + pairingLifetimeMs
  const outcome = waitForAnswer(deps, { keys, offer, own, endsAtMs }, signal)
  return { kind: 'ready', value: { code: writePairingCode(secret), outcome } }
}

/** Keys of this device for its new account. Licenses and keys of collections are sealed to one key, which is in the log. */
const makeKeys = async (subtle: SubtleCrypto): Promise<OwnKeys> => {
  const signing = await subtle.generateKey('Ed25519', false, ['sign', 'verify'])
  const usages: KeyUsage[] = ['deriveKey', 'deriveBits']
  const sealing = await subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, false, usages)
  const [signingKey, sealingKey] = await Promise.all([
    subtle.exportKey('jwk', signing.publicKey),
    subtle.exportKey('jwk', sealing.publicKey),
  ])
  const { kty, crv, x, y } = sealingKey
  return {
    signing: {
      privateKey: signing.privateKey,
      publicKey: signingJwkSchema.parse({ kty: signingKey.kty, crv: signingKey.crv, x: signingKey.x }),
    },
    sealing: { privateKey: sealing.privateKey, publicKey: agreementJwkSchema.parse({ kty, crv, x, y }) },
  }
}

/** A server that is away for a moment is asked again. */
const waitForAnswer = async (deps: OfferDeps, waiting: Waiting, signal: AbortSignal): Promise<OfferOutcome> => {
  const { subtle, clock, mailbox } = deps
  const { keys, offer, endsAtMs } = waiting
  while (clock.elapsedMs() < endsAtMs) {
    const read = await mailbox.read(keys.mailbox, signal)
    if (read.kind === 'problem' && read.code === 'pairing-not-found') return { kind: 'expired' }
    if (read.kind === 'ready' && read.value.answer !== undefined) {
      const answer = await openAnswer({ subtle }, { keys, offer }, read.value.answer)
      return answer === undefined ? { kind: 'altered' } : outcomeOf(subtle, waiting.own, answer)
    }
    await clock.after(askEveryMs, signal)
  }
  return { kind: 'expired' }
}

/** [AP3] The device log has to name this device, with the keys that it offered. */
const outcomeOf = async (subtle: SubtleCrypto, own: OwnKeys, answer: PairingAnswer): Promise<OfferOutcome> => {
  if (answer.kind === 'declined') return answer
  const { signing, sealing } = own
  const [log, deviceId] = await Promise.all([
    readAccountLog({ subtle }, answer.deviceLog),
    deviceIdOf(subtle, signing.publicKey),
  ])
  const found = log?.devices.find(({ device }) => device === deviceId)
  if (log === undefined || found?.agreementKey.x !== sealing.publicKey.x) return { kind: 'altered' }
  const identity: DeviceIdentity = {
    accountId: log.account,
    deviceId,
    signing,
    sealing,
    agreement: sealing,
    deviceLog: answer.deviceLog,
    journal: journalOf(deviceId),
  }
  return { kind: 'added', identity, by: answer.by }
}

/**
 * Each device that a profile was has a journal of its own: what another one kept stays as it is. A profile that was removed and is added again is another device, also
 * of the same account.
 */
const journalOf = (device: string): string => `tonestead-journal-${device}`
