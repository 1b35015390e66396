import { concat, toBase32, toHex, uint, type Bytes } from '../../bytes.ts'
import { isKeyId, keyIdToBytes } from '../keys/agreement-key.ts'
import type { MembershipHeader, SealedBox } from '../membership.ts'
import { hashOf, labels } from '../sync-hash.ts'
import { maxBoxes, maxMembershipItemBytes, maxSealedKeyBytes } from '../sync-limits.ts'
import { readList, requireThat, type ByteReader } from './byte-reader.ts'
import { isSame, parseJson, writeCanonicalJson } from './canonical-json.ts'
import { membershipHeaderSchema } from './membership-schema.ts'

// The header of a membership item, as canonical JSON, and its sealed keys. docs/formats.md, "Documents and sync".

/** Bytes of a key id. */
const keyIdBytes = 33

/** The canonical bytes of a header. Throws a FormatError when it breaks the schema or is too large. */
export const encodeMembershipHeader = (header: MembershipHeader): Bytes => {
  const bytes = writeCanonicalJson(header)
  decodeMembershipHeader(bytes)
  return bytes
}

/** Reads a header. Throws a FormatError on anything but what `encodeMembershipHeader` writes. */
export const decodeMembershipHeader = (bytes: Bytes): MembershipHeader => {
  requireThat(bytes.length <= maxMembershipItemBytes, 'a smaller header')
  const parsed = membershipHeaderSchema.safeParse(parseJson(bytes))
  requireThat(parsed.success, 'a header of a membership item')
  const header: MembershipHeader = { ...parsed.data, base: parsed.data.base }
  requireThat(isSame(writeCanonicalJson(header), bytes), 'canonical JSON')
  return header
}

/** Sealed keys: their number (2), then for each the id of its key (33), its size (2) and its bytes. Throws a FormatError beyond the limits. */
export const encodeBoxes = (boxes: readonly SealedBox[]): Bytes => {
  requireThat(boxes.length <= maxBoxes, 'fewer boxes')
  return concat(uint(boxes.length, 2), ...boxes.flatMap(encodeBox))
}

const encodeBox = ({ recipient, sealed }: SealedBox): Bytes[] => {
  requireThat(sealed.length >= 1 && sealed.length <= maxSealedKeyBytes, 'a sealed key within its limits')
  return [keyIdToBytes(recipient), uint(sealed.length, 2), new Uint8Array(sealed)]
}

/** Reads sealed keys. Throws a FormatError on anything but what `encodeBoxes` writes. */
export const readBoxes = (reader: ByteReader): readonly SealedBox[] => {
  const count = reader.uint(2)
  requireThat(count <= maxBoxes, 'fewer boxes')
  return readList(count, () => readBox(reader))
}

const readBox = (reader: ByteReader): SealedBox => {
  const recipient = toBase32(reader.take(keyIdBytes))
  requireThat(isKeyId(recipient), 'the id of a key')
  const size = reader.uint(2)
  requireThat(size >= 1 && size <= maxSealedKeyBytes, 'a sealed key within its limits')
  return { recipient, sealed: reader.take(size) }
}

/** `boxesHash` of a header: SHA-256 of the label and the encoded boxes, in hexadecimal. */
export const boxesHashOf = (boxes: readonly SealedBox[]): string => toHex(hashOf(labels.boxes, encodeBoxes(boxes)))
