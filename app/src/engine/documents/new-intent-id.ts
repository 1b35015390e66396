import { parseIntentId, type IntentId } from '@tonestead/crdt/ids'
import { toBase32 } from '@tonestead/protocol/bytes'
import type { Random } from '../../ports/random.ts'

/** The id of a new intent: 128 random bits. */
export const newIntentId = (random: Random): IntentId => parseIntentId(toBase32(random.bytes(16)))
