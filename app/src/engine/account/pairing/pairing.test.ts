import { describe, expect, test } from 'vitest'
import { openOffer, pairingKeys, readPairingCode, sealAnswer, type PairingAnswer } from '@tonestead/protocol/pairing'
import { createPairings } from '../../../../../media-server/src/accounts/pairings.ts'
import { createManualClock } from '../../../platform/system/manual-clock.ts'
import { systemRandom as random } from '../../../platform/system/system-random.ts'
import type { Answer } from '../../server/answer.ts'
import { createWorld } from '../../replica/replica-world.testkit.ts'
import { createAccountPart } from '../account-part.ts'
import { findNewDevice } from './add-device.ts'
import { offerDevice } from './offer-device.ts'
import type { PairingMailbox } from './pairing-mailbox.ts'

const { subtle } = globalThis.crypto
const never = new AbortController().signal

const ready = <T>(value: T): Answer<T> => ({ kind: 'ready', value })
const problem = (code: string): Answer<never> => ({ kind: 'problem', code, title: code })

/** The mailboxes of a server, without the way there. `kept` may be altered by a test. */
const createMailbox = (clock: ReturnType<typeof createManualClock>) => {
  const pairings = createPairings(clock)
  const alter = { offer: (text: string) => text, answer: (text: string) => text }
  const mailbox: PairingMailbox = {
    open: (id, offer) => {
      const kept = pairings.open({ id, offer, peer: 'peer' })
      return Promise.resolve(kept === 'kept' ? ready(undefined) : problem(`pairing-${kept}`))
    },
    read: (id) => {
      const found = pairings.read(id)
      if (found === undefined) return Promise.resolve(problem('pairing-not-found'))
      const { offer, answer } = found
      return Promise.resolve(
        ready({ offer: alter.offer(offer), ...(answer === undefined ? {} : { answer: alter.answer(answer) }) }),
      )
    },
    answer: (id, answer) => {
      const kept = pairings.answer(id, answer)
      return Promise.resolve(kept === 'kept' ? ready(undefined) : problem('pairing-taken'))
    },
  }
  return { mailbox, alter }
}

const createPair = async () => {
  const clock = createManualClock()
  const { mailbox, alter } = createMailbox(clock)
  const world = await createWorld()
  const ann = await world.createAccount('ann')
  const part = createAccountPart({ replica: ann.replica, personal: ann.personal })
  let isDone = true
  const ask = async (_part: string, question: unknown) => {
    isDone = false
    const value = await part.answer(question).finally(() => (isDone = true))
    return { kind: 'answered', value } as const
  }
  /** Delivers at the relay while something is asked. */
  const during = async <T>(work: Promise<T>): Promise<T> => {
    let isOver = false
    void work.finally(() => (isOver = true)).catch(() => undefined)
    while (!isOver) {
      if (!isDone) await world.settle()
      await new Promise((resolve) => setImmediate(resolve))
    }
    return work
  }
  const offered = await offerDevice({ mailbox, subtle, clock, random, name: 'Phone' }, never)
  if (offered.kind !== 'ready') throw new Error(offered.kind)
  const deps = { mailbox, documents: { ask }, subtle, random, name: 'Laptop' }
  /** The new device looks into its mailbox again. */
  const outcome = async () => {
    await clock.advance(1000)
    return offered.value.outcome
  }
  return { world, ann, mailbox, alter, clock, deps, during, code: offered.value.code, outcome }
}

const flip = (text: string): string => text.slice(0, 40) + (text[40] === 'A' ? 'B' : 'A') + text.slice(41)
const altered = (text: string): string => `${text[0] === 'A' ? 'B' : 'A'}${flip(text).slice(1)}`

describe('pairing', () => {
  test('[AP1] [AP2] [AP3] [AC1] a device whose code is typed stands in the log of the account', async () => {
    const { ann, deps, during, code, outcome } = await createPair()
    const found = await findNewDevice(deps, ` ${code.toLowerCase().replaceAll('-', ' ')}`, never)
    if (found.kind !== 'found') throw new Error(found.kind)
    expect(found.device.name).toBe('Phone')
    expect(ann.replica.account()?.devices.length).toBe(1)
    expect(await during(found.device.add(never))).toEqual({ kind: 'added' })
    const added = await outcome()
    if (added.kind !== 'added') throw new Error(added.kind)
    expect(added).toMatchObject({ by: 'Laptop', identity: { accountId: ann.account } })
    expect(ann.replica.account()?.devices.map(({ device }) => device)).toContain(added.identity.deviceId)
    // Asked again, after an answer that was lost.
    expect(await during(found.device.add(never))).toEqual({ kind: 'added' })
    expect(ann.replica.account()?.devices.length).toBe(2)
  })

  test('[AP2] another code finds nothing, and what is no code is not sent', async () => {
    const { deps } = await createPair()
    expect(await findNewDevice(deps, '0000-0000-0000-0000', never)).toMatchObject({ code: 'pairing-not-found' })
    expect(await findNewDevice(deps, '0000-0000-0000', never)).toEqual({ kind: 'no-code' })
    expect(await findNewDevice(deps, 'UUUU-0000-0000-0000', never)).toEqual({ kind: 'no-code' })
  })

  test('[AP2] an offer that was altered on its way is not opened', async () => {
    const { deps, code, alter } = await createPair()
    alter.offer = altered
    expect(await findNewDevice(deps, code, never)).toEqual({ kind: 'altered' })
  })

  test('[AP3] an answer that was altered on its way is not believed', async () => {
    const { deps, during, code, alter, outcome } = await createPair()
    const found = await findNewDevice(deps, code, never)
    if (found.kind !== 'found') throw new Error(found.kind)
    await during(found.device.add(never))
    alter.answer = altered
    expect(await outcome()).toEqual({ kind: 'altered' })
  })

  test('[AP3] a device log in which the new device does not stand is not believed, also from who knows the code', async () => {
    const { ann, mailbox, code, outcome } = await createPair()
    const keys = await pairingKeys({ subtle }, readPairingCode(code)!)
    const read = await mailbox.read(keys.mailbox, never)
    if (read.kind !== 'ready') throw new Error(read.kind)
    expect(await openOffer({ subtle }, keys, read.value.offer)).toMatchObject({ name: 'Phone' })
    const deviceLog = [...(ann.replica.account()?.deviceLog ?? [])]
    const answer: PairingAnswer = { v: 1, kind: 'added', deviceLog, by: 'Laptop' }
    const bytes = (count: number) => random.bytes(count)
    const sealed = await sealAnswer({ subtle, random: bytes }, { keys, offer: read.value.offer }, answer)
    await mailbox.answer(keys.mailbox, sealed, never)
    expect(await outcome()).toEqual({ kind: 'altered' })
  })

  test('[AP2] who says no is heard, and a code ends after ten minutes', async () => {
    const one = await createPair()
    const found = await findNewDevice(one.deps, one.code, never)
    if (found.kind !== 'found') throw new Error(found.kind)
    await found.device.decline(never)
    expect(await one.outcome()).toMatchObject({ kind: 'declined' })
    const two = await createPair()
    await two.clock.advance(601_000)
    expect(await two.outcome()).toEqual({ kind: 'expired' })
    expect(await findNewDevice(two.deps, two.code, never)).toMatchObject({ code: 'pairing-not-found' })
  })

  test('[AC1] an account with five devices takes no other one', async () => {
    const { world, ann, deps, during, code } = await createPair()
    for (const name of ['annb', 'annc', 'annd', 'anne']) await world.addDevice(ann, name)
    const found = await findNewDevice(deps, code, never)
    if (found.kind !== 'found') throw new Error(found.kind)
    expect(await during(found.device.add(never))).toEqual({ kind: 'full' })
  })
})
