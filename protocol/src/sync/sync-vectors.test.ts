import { describe, expect, it } from 'vitest'
import { fromHex, utf8 } from '../bytes.ts'
import { readItem, writeItem } from './codec/item-codec.ts'
import { decodeMembershipHeader } from './codec/membership-codec.ts'
import { deriveAgreementPair } from './keys/agreement-key.ts'
import { openSecret } from './keys/epoch-keys.ts'
import { epochBoxInfo, openBox } from './keys/hpke-box.ts'
import { openBody } from './keys/sealed-body.ts'
import { verifySignature } from './keys/verifier.ts'
import { keys } from './sample-items.testkit.ts'
import { counting } from '../vectors.testkit.ts'
import * as fixed from './sync-fixtures.testkit.ts'
import { computeVectors } from './sync-vectors.testkit.ts'
import { readClientFrame, readRelayFrame } from './frame.ts'
import vectors from './sync-vectors.json' with { type: 'json' }

// Code and sync-vectors.json must agree in every byte. A changed vector is a new version of a format (docs/formats.md).

const { subtle } = globalThis.crypto
const { key } = await fixed.signer()
const computed = await computeVectors()

describe('sync vectors', () => {
  it('[SF7] have the same names in code and file', () => {
    expect(Object.keys(vectors).toSorted()).toEqual(Object.keys(computed).toSorted())
  })

  it.each(Object.entries(vectors))('[SF1] [SF9] [SF10] [SF11] %s', (name, value) => {
    expect(computed[name]).toBe(value)
  })

  it('[SF1] [SF3] of items are read, verified and written again', async () => {
    for (const [bytes, id] of [
      [vectors.envelope, vectors.envelopeId],
      [vectors.droppedEnvelope, vectors.envelopeId],
      [vectors.membership, vectors.membershipId],
      [vectors.snapshot, vectors.snapshotId],
      [vectors.confirmation, vectors.confirmationId],
    ] as const) {
      const item = await readItem(fromHex(bytes))
      expect(item?.id).toBe(id)
      expect(await verifySignature({ subtle }, item!, key)).toBe(true)
      expect(writeItem(item!)).toEqual(fromHex(bytes))
    }
  })

  it('[SF5] [SF6] of sealed values open', async () => {
    const envelope = await readItem(fromHex(vectors.envelope))
    if (envelope?.kind !== 'envelope') throw new Error('no envelope')
    const body = await openBody({ subtle }, keys, { header: envelope.header, body: fromHex(vectors.envelopeBody) })
    expect(body).toEqual(fromHex(vectors.packedChanges))
    const pair = await deriveAgreementPair({ subtle }, counting(32))
    const box = { info: epochBoxInfo(fixed.collection), sealed: fromHex(vectors.epochBox) }
    expect(await openBox({ subtle }, pair, box)).toEqual(fixed.epochKey)
    const terms = { epochKey: fixed.epochKey, collection: fixed.collection, purpose: 'previous-key' } as const
    expect(await openSecret({ subtle }, terms, fromHex(vectors.previousKey))).toEqual(counting(32, 9))
  })

  it('[SF1] of headers and frames are read', () => {
    for (const [name, value] of Object.entries(vectors))
      if (name.startsWith('operation ')) expect(decodeMembershipHeader(utf8(value)).operation.kind).toBe(name.slice(10))
    expect(readRelayFrame(fromHex(vectors.itemsFrame))?.attachments).toEqual([counting(3), counting(2)])
    expect(readRelayFrame(fromHex(vectors.headFrame))?.message.kind).toBe('head')
    expect(readClientFrame(fromHex(vectors.authenticateFrame))?.message.kind).toBe('authenticate')
    expect(readClientFrame(fromHex(vectors.appendFrame))?.message).toEqual({ kind: 'append', request: 1 })
  })
})
