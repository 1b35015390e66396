import { maxSlots } from '../documents/document-limits.ts'
import { textOf, type DraftTools, type Text } from '../documents/document-text.ts'
import { outcomeOf, refused, type Outcome } from '../documents/intent-outcome.ts'
import { fitsOneChange } from '../documents/intent-size.ts'
import type { IntentId } from '../ids.ts'
import type { Place, Run } from './place.ts'
import { entryOfSlot, intentOfSlot, slotOf } from './slot-ids.ts'
import { openSlotList, recordOf, type AnySlots, type SlotsDocument } from './slot-list.ts'

// Changes that playlists and the root have in common. The queue has its own: it forgets slots at once.

type Change<Document extends AnySlots> = {
  readonly draft: Document
  readonly tools: DraftTools<Document>
  readonly intent: IntentId
}
/** Records that go to one place. `suffix` is added to the slot ids. */
export type RecordRun<Entry> = {
  readonly records: ReadonlyMap<string, Omit<Entry, 'at'>>
  readonly place: Place
  readonly suffix?: string
}
/** Entries that are moved to one place. */
type Moves = Run & { readonly suffix?: string }

/**
 * [OR6] Adds records that were never added by this intent and are not there. Refused when the document would have more than `maxEntries` records.
 */
export const addRecords = <Entry extends { at: Text }>(
  change: Change<SlotsDocument<Entry>>,
  runs: readonly RecordRun<Entry>[],
  maxEntries: number,
): Outcome => {
  const { draft, tools, intent } = change
  const list = openSlotList(change)
  const isNew = (id: string, suffix: string | undefined): boolean =>
    !list.has(slotOf(id, intent, suffix)) && recordOf(tools.before ?? draft, id) === undefined
  const taken = new Set<string>()
  const wanted = runs.map((run) => ({
    ...run,
    ids: takeOnce([...run.records.keys()], taken).filter((id) => isNew(id, run.suffix)),
  }))
  const added = wanted.reduce((count, { ids }) => count + ids.length, 0)
  if (added === 0) return outcomeOf(0)
  const before = Object.keys((tools.before ?? draft).entries).length
  if (before + added > maxEntries || list.length() + added > maxSlots) return refused('document-full')
  for (const { records, ids, place, suffix } of wanted) {
    if (ids.length === 0) continue
    for (const [id, slot] of list.insert({ ids, place }, intent, suffix))
      draft.entries[id] = { at: tools.immutable(slot), ...records.get(id) } as unknown as Entry
  }
  return outcomeOf(added)
}

/**
 * [OR6] Moves entries: those that are there and were not moved by this intent before. Slots first, then the records, so that of two moves of the same
 * entries in the same order one wins for all of them [OR9].
 */
export const moveRecords = <Document extends AnySlots>(
  change: Change<Document>,
  runs: readonly Moves[],
  movedBy?: IntentId,
): Outcome => {
  const { draft, tools, intent } = change
  const list = openSlotList(change)
  const isMoved = (id: string, suffix: string | undefined): boolean => {
    const record = recordOf(tools.before ?? draft, id)
    if (record === undefined || list.has(slotOf(id, intent, suffix))) return false
    return movedBy === undefined || intentOfSlot(textOf(record.at)) === movedBy
  }
  const taken = new Set<string>()
  const wanted = runs.map((run) => ({
    ...run,
    ids: takeOnce(run.ids, taken).filter((id) => isMoved(id, run.suffix)),
  }))
  const moved = wanted.reduce((count, { ids }) => count + ids.length, 0)
  if (moved === 0) return outcomeOf(0)
  if (list.length() + moved > maxSlots) return refused('document-full')
  const slots = new Map<string, string>()
  for (const { ids, place, suffix } of wanted) {
    if (ids.length > 0) for (const [id, slot] of list.insert({ ids, place }, intent, suffix)) slots.set(id, slot)
  }
  for (const [id, slot] of slots) {
    const record = recordOf(draft, id)
    if (record !== undefined) record.at = tools.immutable(slot)
  }
  return outcomeOf(moved)
}

/** The ids that are not taken yet, each once; takes them. */
const takeOnce = (ids: readonly string[], taken: Set<string>): string[] =>
  ids.filter((id) => !taken.has(id) && taken.add(id))

/** [OR6] Removes records. Their slots stay until they are collected, so that "after" a removed entry is still a place. */
export const removeRecords = (draft: AnySlots, ids: readonly string[]): Outcome => {
  if (!fitsOneChange(ids.length)) return refused('intent-too-large')
  const present = [...new Set(ids)].filter((id) => recordOf(draft, id) !== undefined)
  for (const id of present) delete draft.entries[id]
  return outcomeOf(present.length)
}

/** [OR7] Removes those of the slots that show nothing. */
export const collectSlots = <Document extends AnySlots>(
  { draft, tools }: Omit<Change<Document>, 'intent'>,
  slots: readonly string[],
): Outcome => {
  if (!fitsOneChange(slots.length)) return refused('intent-too-large')
  const before = tools.before ?? draft
  const dead = new Set(slots.filter((slot) => textOf(recordOf(before, entryOfSlot(slot))?.at) !== slot))
  return outcomeOf(openSlotList({ draft, tools }).remove((slot) => dead.has(slot)))
}
