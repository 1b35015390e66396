import { utf8 } from '@tonestead/protocol/bytes'
import { hashOf } from '@tonestead/protocol/sync/sync-hash'
import {
  parseDocumentId,
  syncIdOfBytes,
  syncIdToBytes,
  type CollectionId,
  type DocumentId,
} from '@tonestead/protocol/sync/sync-ids'

const label = utf8('tonestead/document/v1')
/** Longest name of a document in bytes of UTF-8. */
export const maxDocumentNameBytes = 256

/** [RP2] The id of a document: SHA-256 of the label, the collection id and its name. The relay sees ids, never names. */
export const documentIdOf = (collection: CollectionId, name: string): DocumentId =>
  parseDocumentId(syncIdOfBytes(hashOf(label, syncIdToBytes(collection), utf8(name))))
