import { parseEntryId, type EntryId } from '@tonestead/crdt/ids'
import { toBase32 } from '@tonestead/protocol/bytes'
import type { Random } from '../../ports/random.ts'

/** The id of a new entry, playlist or folder: 128 random bits. */
export const newEntryId = (random: Random): EntryId => parseEntryId(toBase32(random.bytes(16)))
