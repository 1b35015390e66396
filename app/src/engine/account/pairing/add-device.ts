import { deviceIdOf } from '@tonestead/protocol/device-log'
import {
  openOffer,
  pairingKeys,
  readPairingCode,
  sealAnswer,
  type PairingAnswer,
  type PairingKeys,
  type PairingOffer,
} from '@tonestead/protocol/pairing'
import type { Random } from '../../../ports/random.ts'
import type { Leader } from '../../documents/documents.ts'
import type { Answer } from '../../server/answer.ts'
import { accountAnswerSchema, accountPartName, type AccountAnswer, type AccountQuestion } from '../account-questions.ts'
import type { PairingMailbox } from './pairing-mailbox.ts'

export type AddDeps = {
  readonly mailbox: PairingMailbox
  readonly documents: Pick<Leader, 'ask'>
  readonly subtle: SubtleCrypto
  readonly random: Random
  /** Of this device: the new one shows it. */
  readonly name: string
}

/** A device that waits to be added. */
export type NewDevice = {
  readonly name: string
  /** May be called again after a failure. */
  readonly add: (signal: AbortSignal) => Promise<AddOutcome>
  readonly decline: (signal: AbortSignal) => Promise<void>
}

/** `no-code`: what was typed is no code. `altered`: the offer was not made by whoever made the code. */
export type FindOutcome =
  | { readonly kind: 'found'; readonly device: NewDevice }
  | { readonly kind: 'no-code' | 'altered' }
  | Exclude<Answer<never>, { kind: 'ready' }>

export type AddOutcome =
  | { readonly kind: 'added' }
  | { readonly kind: Exclude<AccountAnswer['kind'], 'done'> | 'unavailable' }
  | Exclude<Answer<never>, { kind: 'ready' }>

type Found = { readonly keys: PairingKeys; readonly sealedOffer: string; readonly offer: PairingOffer }

/** [AP2] Opens the offer of the device that shows this code. `typed` may also be the link in its picture. */
export const findNewDevice = async (deps: AddDeps, typed: string, signal: AbortSignal): Promise<FindOutcome> => {
  const { subtle, mailbox } = deps
  const secret = readPairingCode(typed.slice(typed.lastIndexOf('=') + 1))
  if (secret === undefined) return { kind: 'no-code' }
  const keys = await pairingKeys({ subtle }, secret)
  const read = await mailbox.read(keys.mailbox, signal)
  if (read.kind !== 'ready') return read
  const offer = await openOffer({ subtle }, keys, read.value.offer)
  if (offer === undefined) return { kind: 'altered' }
  return { kind: 'found', device: newDeviceOf(deps, { keys, offer, sealedOffer: read.value.offer }) }
}

const newDeviceOf = (deps: AddDeps, found: Found): NewDevice => {
  const { subtle, random, mailbox, name } = deps
  const { keys, offer, sealedOffer } = found
  // The mailbox takes one answer. The same bytes may come again.
  let sealed: Promise<string> | undefined
  const answer = async (message: PairingAnswer, signal: AbortSignal): Promise<Answer<unknown>> => {
    sealed ??= sealAnswer({ subtle, random: (bytes) => random.bytes(bytes) }, { keys, offer: sealedOffer }, message)
    return mailbox.answer(keys.mailbox, await sealed, signal)
  }
  return {
    name: offer.name,
    add: async (signal) => {
      const changed = await askToAdd(deps, offer, signal)
      if (changed.kind !== 'done') return changed
      const { deviceLog } = changed
      const sent = await answer({ v: 1, kind: 'added', deviceLog, by: name.slice(0, 80) }, signal)
      return sent.kind === 'ready' ? { kind: 'added' } : sent
    },
    decline: async (signal) => void (await answer({ v: 1, kind: 'declined' }, signal)),
  }
}

const askToAdd = async (
  { documents, subtle }: AddDeps,
  { signingKey, sealingKey, name }: PairingOffer,
  signal: AbortSignal,
): Promise<AccountAnswer | { readonly kind: 'unavailable' }> => {
  const device = await deviceIdOf(subtle, signingKey)
  const question: AccountQuestion = { kind: 'add-device', device, name, signingKey, sealingKey }
  const asked = await documents.ask(accountPartName, question, signal)
  return asked.kind === 'answered' ? accountAnswerSchema.parse(asked.value) : { kind: 'unavailable' }
}
