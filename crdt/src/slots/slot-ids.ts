import type { EntryId, IntentId } from '../ids.ts'

/**
 * [OR1] The slot that an intent makes for an entry: `<entry>:<intent>`, in a root document `<entry>:<intent>:<folder>`. An intent makes at most one slot
 * for an entry, so applying it again finds the slot and adds none.
 */
export const slotOf = (entry: string, intent: IntentId, suffix = ''): string => `${entry}:${intent}${suffix}`
/** The entry that a slot was made for. */
export const entryOfSlot = (slot: string): string => slot.slice(0, entryUnits)
/** The intent that made a slot. */
export const intentOfSlot = (slot: string): string => slot.slice(entryUnits + 1, 2 * entryUnits + 1)
/** [RT1] In a root document: the folder that a slot is in; empty at the top. */
export const folderOfSlot = (slot: string): string => slot.slice(2 * (entryUnits + 1))

const entryUnits = 26
const digits = 'abcdefghijklmnopqrstuvwxyz234567'
const prefixUnits = 20

/**
 * [OR2] An id for the entry with this index in an intent: different for every index below 2^25. A thousand such ids take far less room in a document than
 * random ones. 100 bits of the intent's id are in it.
 */
export const entryIdOf = (intent: IntentId, index: number): EntryId => numbered(intent, index) as EntryId

/** [OR2] The id of the part with this index of an intent that was split. Part 0 has another id than the intent. */
export const partIdOf = (intent: IntentId, index: number): IntentId => numbered(intent, index) as IntentId

/** [OR2] Whether an id was made by `partIdOf` of the other's whole. */
export const isPartOf = (part: string, intent: IntentId): boolean => part.startsWith(intent.slice(0, prefixUnits))

/** The last character stays `a`: its unused bits are zero, as canonical base32 demands. */
const numbered = (id: string, index: number): string => {
  let number = ''
  for (let rest = index, place = 0; place < 5; place += 1, rest = Math.floor(rest / 32))
    number = digits.charAt(rest % 32) + number
  return `${id.slice(0, prefixUnits)}${number}a`
}
