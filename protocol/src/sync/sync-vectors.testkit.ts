import { fromBase64Url, toBase64Url, toHex, utf8, type Bytes } from '../bytes.ts'
import { agreementPublic, counting } from '../vectors.testkit.ts'
import { chainAfter } from './chain.ts'
import { packChanges } from './codec/changes-codec.ts'
import { writeItem, writeProofItem } from './codec/item-codec.ts'
import { writeSnapshotContent } from './codec/snapshot-content.ts'
import { encodeBoxes } from './codec/membership-codec.ts'
import { actorOf, firstChain, newFeedId, personalCollectionId, sharedCollectionId } from './derived-ids.ts'
import { writeClientFrame, writeRelayFrame } from './frame.ts'
import { deriveAgreementPair, exportScalar, keyIdOf } from './keys/agreement-key.ts'
import { sealEphemeral } from './keys/ephemeral.ts'
import { keyedChangeHashes, keyHashOf, sealSecret } from './keys/epoch-keys.ts'
import { epochBoxInfo, sealBox } from './keys/hpke-box.ts'
import { invitationKeys, signRedemption } from './keys/invitation-link.ts'
import { signReceipt } from './keys/receipt.ts'
import { recoveryPair } from './keys/recovery-key.ts'
import { signChallenge } from './keys/relay-challenge.ts'
import { signMembership } from './keys/sign-item.ts'
import { confirmationOf, envelopeOf, keys, snapshotOf } from './sample-items.testkit.ts'
import * as fixed from './sync-fixtures.testkit.ts'

// Computes every vector of sync-vectors.json from the fixed inputs.

const { subtle } = globalThis.crypto
const { signer, key } = await fixed.signer()
/** "Random" bytes of the vectors: 0, 1, 2 … */
const random = (length: number): Bytes => counting(length)
const { collection, account, device, document, feed, chain, epochKey } = fixed
const changes = [utf8('first change'), utf8('second')]

const ids = () => ({
  personalCollection: personalCollectionId(account),
  sharedCollection: sharedCollectionId(device, counting(16)),
  firstFeed: newFeedId({ random }, device, undefined),
  laterFeed: newFeedId({ random }, device, fixed.itemIds[0]),
  actor: actorOf(feed, document),
  keyId: keyIdOf(agreementPublic),
  firstChain: firstChain(collection),
  chain: chainAfter(firstChain(collection), fixed.itemIds.slice(0, 1)),
})

const items = async () => {
  const envelope = await envelopeOf(fixed.unsealedHeader({ deps: 2, changes: 2 }), packChanges(changes))
  const [operation] = fixed.operations.filter(({ kind }) => kind === 'invited')
  if (operation === undefined) throw new Error('no invitation among the fixtures')
  const membership = await signMembership(signer, fixed.membershipHeader(operation), [fixed.box])
  const snapshot = await snapshotOf(counting(100))
  const confirmation = await confirmationOf()
  return {
    packedChanges: toHex(packChanges(changes)),
    envelopeHeader: toHex(envelope.headerBytes),
    envelopeBody: toHex(envelope.body ?? counting(0)),
    envelopeId: envelope.id,
    envelope: toHex(writeItem(envelope)),
    droppedEnvelope: toHex(writeItem({ ...envelope, body: undefined })),
    membershipHeader: new TextDecoder().decode(membership.headerBytes),
    boxes: toHex(encodeBoxes(membership.boxes)),
    membershipId: membership.id,
    membership: toHex(writeItem(membership)),
    proofItem: toHex(writeProofItem(membership)),
    snapshotHeader: toHex(snapshot.item.headerBytes),
    snapshotPart: toHex(snapshot.parts[0] ?? counting(0)),
    snapshotId: snapshot.item.id,
    snapshot: toHex(writeItem(snapshot.item)),
    snapshotContent: toHex(writeSnapshotContent({ name: 'playlist', envelopes: [changes, changes.slice(1)] })),
    confirmationHeader: toHex(confirmation.headerBytes),
    confirmationId: confirmation.id,
    confirmation: toHex(writeItem(confirmation)),
  }
}

const operationHeaders = async () =>
  Object.fromEntries(
    await Promise.all(
      fixed.operations.map(async (operation) => {
        const { headerBytes } = await signMembership(signer, fixed.membershipHeader(operation))
        return [`operation ${operation.kind}`, new TextDecoder().decode(headerBytes)] as const
      }),
    ),
  )

const derivedKeys = async () => {
  const pair = await deriveAgreementPair({ subtle }, counting(32), { isExtractable: true })
  const invitation = await invitationKeys({ subtle }, counting(32))
  const [changeHash = ''] = await keyedChangeHashes({ subtle }, keys, [toHex(counting(32))])
  const terms = { epochKey, collection } as const
  const sealed = (purpose: 'previous-key' | 'agreement-key') =>
    sealSecret({ subtle, random }, { ...terms, purpose }, counting(32, 9))
  const box = await sealBox({ subtle, random }, pair.publicKey, {
    info: epochBoxInfo(collection),
    plaintext: epochKey,
  })
  return {
    keyHash: keyHashOf(epochKey),
    derivedPublic: toHex(fromBase64Url(pair.publicKey.x)) + toHex(fromBase64Url(pair.publicKey.y)),
    derivedScalar: toHex(await exportScalar({ subtle }, pair.privateKey)),
    recoveryKeyId: keyIdOf((await recoveryPair({ subtle }, counting(16))).publicKey),
    invitationId: keyIdOf(invitation.sealing.publicKey),
    invitationProofKey: invitation.proof.publicKey.x,
    redemption: await signRedemption(
      { subtle, signingKey: invitation.proof.privateKey },
      { collection, account, device },
    ),
    changeHash,
    previousKey: toHex(await sealed('previous-key')),
    sealedAgreementKey: toHex(await sealed('agreement-key')),
    epochBox: toHex(box),
  }
}

const words = async () => {
  const claim = { collection, generation: 3, seq: 12_345_678_901, chain }
  const nonce = toBase64Url(counting(16))
  const receipt = await signReceipt(fixed.relaySigner, claim)
  const head = await signReceipt(fixed.relaySigner, { ...claim, nonce })
  const challenge = { relayKey: fixed.relayKey, nonce: toBase64Url(counting(32)), device }
  const answer = await signChallenge(signer, challenge)
  const attachments = [counting(3), counting(2)]
  const ephemeral = await sealEphemeral({ ...signer, random }, keys, { account, device, plaintext: utf8('ping') })
  return {
    deviceKey: key.x,
    relayKey: fixed.relayKey.x,
    receipt: toHex(receipt.signature),
    receiptWithNonce: toHex(head.signature),
    challengeAnswer: toHex(answer),
    ephemeral: toHex(ephemeral),
    itemsFrame: toHex(writeRelayFrame({ kind: 'items', collection, from: 4, receipt }, attachments)),
    headFrame: toHex(writeRelayFrame({ kind: 'head', receipt: head })),
    authenticateFrame: toHex(writeClientFrame({ kind: 'authenticate', account, device, signature: answer })),
    appendFrame: toHex(writeClientFrame({ kind: 'append', request: 1 }, [counting(3)])),
  }
}

/** Every vector by its name: ids and JSON as text, keys of Ed25519 in base64url, other bytes in hexadecimal. */
export const computeVectors = async (): Promise<Readonly<Record<string, string>>> => ({
  ...ids(),
  ...(await items()),
  ...(await operationHeaders()),
  ...(await derivedKeys()),
  ...(await words()),
})
