import { utf8 } from '@tonestead/protocol/bytes'
import { hashOf } from '@tonestead/protocol/sync/sync-hash'
import { syncIdOfBytes } from '@tonestead/protocol/sync/sync-ids'
import type { DocumentRules } from '../documents/document-rules.ts'

/** What the domain prescribes for documents of a kind, as far as it has a number or bytes: its schema and what each document begins with. */
export const rulesDigest = ({ schemaVersion, beginning }: DocumentRules): string =>
  syncIdOfBytes(hashOf(utf8('tonestead/checked/v1'), utf8(String(schemaVersion)), ...beginning))
