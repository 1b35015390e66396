import { parseEntryId, parseIntentId, type EntryId, type IntentId } from '@tonestead/crdt/ids'
import { toBase32 } from '@tonestead/protocol/bytes'
import type { Random } from '../../ports/random.ts'

/** 128 random bits. */
export const newEntryId = (random: Random): EntryId => parseEntryId(toBase32(random.bytes(16)))
/** 128 random bits. */
export const newIntentId = (random: Random): IntentId => parseIntentId(toBase32(random.bytes(16)))
