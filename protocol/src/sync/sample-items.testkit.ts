import { counting } from '../vectors.testkit.ts'
import type { UnsealedHeader } from './codec/envelope-codec.ts'
import { writeItem } from './codec/item-codec.ts'
import { epochKeys } from './keys/epoch-keys.ts'
import { sealBody, sealSnapshot } from './keys/sealed-body.ts'
import { signConfirmation, signEnvelope, signMembership, signSnapshot } from './keys/sign-item.ts'
import type { LogItem } from './log-item.ts'
import * as fixed from './sync-fixtures.testkit.ts'

// Items of every kind, as bytes.

const { subtle } = globalThis.crypto
const { signer } = await fixed.signer()
export const keys = await epochKeys({ subtle }, fixed.epochKey, fixed)

export const envelopeOf = async (header: UnsealedHeader, plaintext = counting(300)) => {
  const sealed = await sealBody({ subtle }, keys, { header, plaintext })
  return signEnvelope(signer, sealed.header, sealed.body)
}
export const snapshotOf = async (plaintext = counting(1000)) => {
  const sealed = await sealSnapshot({ subtle }, keys, { header: fixed.unsealedSnapshot, plaintext })
  return { item: await signSnapshot(signer, sealed.header), parts: sealed.parts }
}
export const confirmationOf = () => signConfirmation(signer, fixed.confirmationHeader)
export const membershipsOf = () =>
  Promise.all(
    fixed.operations.map((operation, index) =>
      signMembership(signer, fixed.membershipHeader(operation), index % 2 === 0 ? [fixed.box] : []),
    ),
  )

/** At least one item of each kind and operation; envelopes also without deps, first in a feed, and without their body. */
export const sampleItems = async (): Promise<readonly LogItem[]> => {
  const envelope = await envelopeOf(fixed.unsealedHeader())
  return [
    envelope,
    { ...envelope, body: undefined },
    await envelopeOf({ ...fixed.unsealedHeader({ deps: 0, changes: 1 }), number: 1, prev: undefined }),
    (await snapshotOf()).item,
    await confirmationOf(),
    ...(await membershipsOf()),
  ]
}
export const sampleBytes = async () => (await sampleItems()).map(writeItem)
