import { parseAccountId, parseDeviceId, type AccountId, type DeviceId } from '@tonestead/crdt/ids'
import { concat, uint, type Bytes } from '../../bytes.ts'
import type { SigningJwk } from '../../device-log.ts'
import { createByteReader, readOr, requireThat } from '../codec/byte-reader.ts'
import { signatureBytes } from '../codec/item-codec.ts'
import { labels } from '../sync-hash.ts'
import { parseCollectionId, parseEpochId, syncIdToBytes, type CollectionId, type EpochId } from '../sync-ids.ts'
import { gcmTagBytes, maxEphemeralBytes } from '../sync-limits.ts'
import { decryptOr, type EpochKeys } from './epoch-keys.ts'
import { signBytes, type Signer } from './sign-item.ts'
import type { Verifier } from './verifier.ts'

// Ephemeral messages: signed and sealed, passed on and not kept. Nothing here tells a repeated message from a new one: what is in them has ids.

const ivBytes = 12

/** An ephemeral message as it was read; neither verified nor opened. */
export type EphemeralMessage = {
  readonly collection: CollectionId
  readonly account: AccountId
  readonly device: DeviceId
  readonly epoch: EpochId
  readonly iv: Bytes
  readonly ciphertext: Bytes
  /** What the signature covers: all bytes but the signature. */
  readonly signedBytes: Bytes
  readonly signature: Bytes
}

/** Version (1), collection, account, device and epoch (32 each): the associated data. */
const encodeHeader = ({
  collection,
  account,
  device,
  epoch,
}: Pick<EphemeralMessage, 'collection' | 'account' | 'device' | 'epoch'>): Bytes =>
  concat(uint(1, 1), ...[collection, account, device, epoch].map(syncIdToBytes))

/** Seals and signs a message of a device: header ‖ initialization vector (12, of `random`) ‖ ciphertext ‖ signature. Throws a RangeError above 16 KiB. */
export const sealEphemeral = async (
  signer: Signer & { readonly random: (bytes: number) => Bytes },
  keys: EpochKeys,
  { plaintext, ...author }: { readonly account: AccountId; readonly device: DeviceId; readonly plaintext: Bytes },
): Promise<Bytes> => {
  const header = encodeHeader({ ...author, collection: keys.collection, epoch: keys.epoch })
  const overhead = header.length + ivBytes + gcmTagBytes + signatureBytes
  if (plaintext.length === 0 || plaintext.length + overhead > maxEphemeralBytes)
    throw new RangeError('message too large')
  const iv = signer.random(ivBytes)
  const params = { name: 'AES-GCM', iv, additionalData: header }
  const ciphertext = new Uint8Array(await signer.subtle.encrypt(params, keys.ephemeralKey, plaintext))
  const signedBytes = concat(header, iv, ciphertext)
  return concat(signedBytes, await signBytes(signer, labels.ephemeral, signedBytes))
}

/** Reads a message. Undefined for anything that `sealEphemeral` does not write. */
export const readEphemeral = (bytes: Uint8Array): EphemeralMessage | undefined =>
  readOr(() => {
    requireThat(bytes.length <= maxEphemeralBytes, 'a smaller message')
    const copy = new Uint8Array(bytes)
    const reader = createByteReader(copy)
    requireThat(reader.uint(1) === 1, 'version 1')
    const collection = parseCollectionId(reader.id())
    const account = parseAccountId(reader.id())
    const device = parseDeviceId(reader.id())
    const epoch = parseEpochId(reader.id())
    const iv = reader.take(ivBytes)
    const size = copy.length - reader.offset() - signatureBytes
    requireThat(size > gcmTagBytes, 'a message that is not empty')
    const ciphertext = reader.take(size)
    const signedBytes = copy.subarray(0, reader.offset())
    const signature = reader.take(signatureBytes)
    return { collection, account, device, epoch, iv, ciphertext, signedBytes, signature }
  })

/** Is the message signed by the device with this key? */
export const verifyEphemeral = (
  { verifier }: { verifier: Verifier },
  { signedBytes, signature }: EphemeralMessage,
  key: SigningJwk,
): Promise<boolean> => verifier.verify({ label: labels.ephemeral, bytes: signedBytes, signature }, key)

/** Opens a message with the keys of its epoch; undefined when it was sealed otherwise or altered, or is of another epoch. */
export const openEphemeral = async (
  { subtle }: { subtle: SubtleCrypto },
  keys: EpochKeys,
  message: EphemeralMessage,
): Promise<Bytes | undefined> => {
  if (keys.collection !== message.collection || keys.epoch !== message.epoch) return undefined
  const { iv, ciphertext } = message
  return decryptOr(subtle, { key: keys.ephemeralKey, iv, additionalData: encodeHeader(message) }, ciphertext)
}
