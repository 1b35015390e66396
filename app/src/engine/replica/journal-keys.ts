import { utf8 } from '@tonestead/protocol/bytes'
import type { CollectionId, DocumentId, ItemId } from '@tonestead/protocol/sync/sync-ids'
import type { JournalWrite } from '../../ports/journal.ts'

// Keys of the journal's rows. Rows of a table sort by key as text.

/** Digits of a number in a key: enough for a log of 10^12 items. */
const digits = 12
const padded = (value: number): string => String(value).padStart(digits, '0')

/** An item of the log. */
export const placeKey = (seq: number): string => padded(seq)

/** An intent that is not sealed, in the order in which they were made. */
export const todoKey = (number: number): string => `${todoKeyPrefix}${padded(number)}`
export const todoKeyPrefix = 'todo/'
export const numberOfTodoKey = (key: string): number => Number(key.slice(todoKeyPrefix.length))
/** The intents of an own envelope. */
export const ownKey = (id: ItemId): string => `${ownKeyPrefix}${id}`
export const ownKeyPrefix = 'own/'

/** Facts of a collection. */
export const receiptKey = 'receipt'
export const alarmKey = 'alarm'
/** A collection is kept here, also before anything of its log is. */
export const followKey = 'followed'
/** The item that creates the collection, until it is in the log. */
export const firstItemKey = 'first-item'
/** Who made an entry that is gone because its envelope is dead. */
export const lostKey = (entry: string): string => `${lostKeyPrefix}${entry}`
export const lostKeyPrefix = 'lost/'

/** A snapshot that turned out to be false, and its author. */
export const falseSnapshotKey = (id: ItemId): string => `${falseSnapshotPrefix}${id}`
export const falseSnapshotPrefix = 'false-snapshot/'
/** The snapshot under which bodies of a document have left the journal, and its parts (of their own table). */
export const keptKey = (document: DocumentId): string => `${keptKeyPrefix}${document}`
export const keptKeyPrefix = 'kept-snapshot/'
export const keptPartKey = (document: DocumentId, part: number): string => `${document}/${padded(part)}`

/** A fact as JSON. */
export const factRow = ({ id }: { readonly id: CollectionId }, key: string, value: unknown): JournalWrite => ({
  kind: 'put',
  table: 'facts',
  scope: id,
  key,
  value: utf8(JSON.stringify(value)),
})
