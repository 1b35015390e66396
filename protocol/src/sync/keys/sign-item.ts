import { concat, toHex, type Bytes } from '../../bytes.ts'
import { encodeConfirmationHeader } from '../codec/confirmation-codec.ts'
import { encodeEnvelopeHeader } from '../codec/envelope-codec.ts'
import { boxesHashOf, encodeMembershipHeader } from '../codec/membership-codec.ts'
import { encodeSnapshotHeader } from '../codec/snapshot-codec.ts'
import type { Confirmation, ConfirmationHeader } from '../confirmation.ts'
import { itemIdOf } from '../derived-ids.ts'
import type { Envelope, EnvelopeHeader } from '../envelope.ts'
import type { MembershipHeader, MembershipItem, SealedBox } from '../membership.ts'
import type { Snapshot, SnapshotHeader } from '../snapshot.ts'
import { hashOfBody, labels } from '../sync-hash.ts'

// Makes items. Signature and id both cover the label of the kind and the header bytes.

/** Signs with a private Ed25519 key. */
export type Signer = { readonly subtle: SubtleCrypto; readonly signingKey: CryptoKey }

/** Ed25519 over `label ‖ bytes`: 64 bytes. */
export const signBytes = async ({ subtle, signingKey }: Signer, label: Bytes, bytes: Bytes): Promise<Bytes> =>
  new Uint8Array(await subtle.sign('Ed25519', signingKey, concat(label, bytes)))

/**
 * Signs an envelope. Throws a FormatError on a header that `encodeEnvelopeHeader` refuses, and an Error on a body that is not the one that the header names.
 */
export const signEnvelope = async (signer: Signer, header: EnvelopeHeader, body: Bytes): Promise<Envelope> => {
  const headerBytes = encodeEnvelopeHeader(header)
  if (body.length !== header.bodyBytes || toHex(await hashOfBody(body)) !== header.bodyHash)
    throw new Error('the header names another body')
  const signature = await signBytes(signer, labels.envelope, headerBytes)
  return { kind: 'envelope', id: itemIdOf(labels.envelope, headerBytes), header, headerBytes, signature, body }
}

/** Signs a membership item; `boxesHash` is computed. Throws a FormatError on a header or boxes that break the schema or the limits. */
export const signMembership = async (
  signer: Signer,
  unsealed: Omit<MembershipHeader, 'boxesHash'>,
  boxes: readonly SealedBox[] = [],
): Promise<MembershipItem> => {
  const header: MembershipHeader = { ...unsealed, boxesHash: boxesHashOf(boxes) }
  const headerBytes = encodeMembershipHeader(header)
  const signature = await signBytes(signer, labels.membership, headerBytes)
  return { kind: 'membership', id: itemIdOf(labels.membership, headerBytes), header, headerBytes, signature, boxes }
}

/** Signs a snapshot. Throws a FormatError on a header that `encodeSnapshotHeader` refuses. */
export const signSnapshot = async (signer: Signer, header: SnapshotHeader): Promise<Snapshot> => {
  const headerBytes = encodeSnapshotHeader(header)
  const signature = await signBytes(signer, labels.snapshot, headerBytes)
  return { kind: 'snapshot', id: itemIdOf(labels.snapshot, headerBytes), header, headerBytes, signature }
}

/** Signs a confirmation. */
export const signConfirmation = async (signer: Signer, header: ConfirmationHeader): Promise<Confirmation> => {
  const headerBytes = encodeConfirmationHeader(header)
  const signature = await signBytes(signer, labels.confirmation, headerBytes)
  return { kind: 'confirmation', id: itemIdOf(labels.confirmation, headerBytes), header, headerBytes, signature }
}
