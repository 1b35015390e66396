import { parseAccountId, parseDeviceId } from '@tonestead/crdt/ids'
import { concat, uint, type Bytes } from '../../bytes.ts'
import type { ConfirmationHeader } from '../confirmation.ts'
import { parseCollectionId, parseItemId, syncIdToBytes } from '../sync-ids.ts'
import { createByteReader, requireThat } from './byte-reader.ts'

// The header of a confirmation in bytes. docs/formats.md, "Documents and sync".

/** The canonical bytes of a header. */
export const encodeConfirmationHeader = (header: ConfirmationHeader): Bytes =>
  concat(
    uint(header.version, 1),
    syncIdToBytes(header.collection),
    syncIdToBytes(header.account),
    syncIdToBytes(header.device),
    syncIdToBytes(header.snapshot),
  )

/** Reads a header. Throws a FormatError on anything but what `encodeConfirmationHeader` writes. */
export const decodeConfirmationHeader = (bytes: Bytes): ConfirmationHeader => {
  const reader = createByteReader(bytes)
  requireThat(reader.uint(1) === 1, 'version 1')
  const header: ConfirmationHeader = {
    version: 1,
    collection: parseCollectionId(reader.id()),
    account: parseAccountId(reader.id()),
    device: parseDeviceId(reader.id()),
    snapshot: parseItemId(reader.id()),
  }
  reader.end()
  return header
}
