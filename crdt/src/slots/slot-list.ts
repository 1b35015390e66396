import { textOf, type DraftTools, type Text } from '../documents/document-text.ts'
import type { IntentId } from '../ids.ts'
import { entryOfSlot, slotOf } from './slot-ids.ts'
import type { Place, Run } from './place.ts'

/**
 * A document with an order. `seq`: slot ids. An entry is shown where its own slot is, so moving it is one new slot and one new value of `at`: when two
 * people move it at the same time, one of the places wins, the same on every device. Without its record an entry is not shown, wherever its slots are.
 */
export type SlotsDocument<Entry extends { at: Text }> = { seq: Text[]; entries: { [id: string]: Entry } }
/** What the functions here need to know of a document with an order. */
export type AnySlots = SlotsDocument<{ at: Text }>
/** A shown entry: its id and its slot. */
export type Shown = { readonly id: string; readonly slot: string }

/** [OR3] The shown entries in order: each once, at the first of the slots that its record names. */
export const shown = (document: AnySlots): Shown[] => {
  const seen = new Set<string>()
  return document.seq.flatMap((text) => {
    const slot = textOf(text)
    const id = entryOfSlot(slot)
    if (seen.has(id) || textOf(recordOf(document, id)?.at) !== slot) return []
    seen.add(id)
    return [{ id, slot }]
  })
}
/** [OR3] The ids of the shown entries in order. */
export const shownIds = (document: AnySlots): string[] => shown(document).map(({ id }) => id)
/** The record of an entry. */
export const recordOf = <Entry extends { at: Text }>(document: SlotsDocument<Entry>, id: string): Entry | undefined =>
  Object.hasOwn(document.entries, id) ? document.entries[id] : undefined

/** [OR7] Slots that show nothing: their entry was moved or removed. */
export const deadSlots = (document: AnySlots): string[] => {
  const live = new Set(shown(document).map(({ slot }) => slot))
  return document.seq.map(textOf).filter((slot) => !live.has(slot))
}

/** The order of a draft, for one intent. It reads the list once. */
export type SlotList = {
  readonly length: () => number
  readonly has: (slot: string) => boolean
  /** [OR4] [OR5] Inserts one slot for each id as one uninterrupted run, and returns the slots of the ids. */
  readonly insert: (run: Run, intent: IntentId, suffix?: string) => ReadonlyMap<string, string>
  /** Removes the slots for which `isRemoved` holds. */
  readonly remove: (isRemoved: (slot: string) => boolean) => number
}

type Deps<Document extends AnySlots> = { readonly draft: Document; readonly tools: DraftTools<Document> }

/** Opens the order of a draft. */
export const openSlotList = <Document extends AnySlots>({ draft, tools }: Deps<Document>): SlotList => {
  const order = (tools.before ?? draft).seq.map(textOf)
  const known = new Set(order)
  const placed = new Map<string, string>()
  /** Records of moved entries are written after all slots, so an entry that was placed here counts first. */
  const slotNow = (entry: string): string => placed.get(entry) ?? textOf(recordOf(draft, entry)?.at)
  return {
    length: () => order.length,
    has: (slot) => known.has(slot),
    insert: ({ ids, place }, intent, suffix) => {
      const made = new Map(ids.map((id) => [id, slotOf(id, intent, suffix)]))
      const slots = [...made.values()]
      const index = indexOfPlace({ slotNow, order, place })
      splice(draft.seq, index, { remove: 0, insert: slots.map(tools.immutable) })
      order.splice(index, 0, ...slots)
      for (const [id, slot] of made) {
        known.add(slot)
        placed.set(id, slot)
      }
      return made
    },
    remove: (isRemoved) => {
      let removed = 0
      for (let end = order.length; end > 0; end -= 1) {
        let start = end
        for (let slot = order[start - 1]; slot !== undefined && isRemoved(slot); slot = order[start - 1]) start -= 1
        if (start === end) continue
        splice(draft.seq, start, { remove: end - start, insert: [] })
        for (const slot of order.splice(start, end - start)) known.delete(slot)
        removed += end - start
        end = start
      }
      return removed
    },
  }
}

/** `splice` of Automerge's lists takes the values as arguments, as that of arrays. */
const splice = (list: Text[], index: number, { remove, insert }: { remove: number; insert: Text[] }): void =>
  void list.splice(index, remove, ...insert)

type Order = { readonly slotNow: (entry: string) => string; readonly order: readonly string[]; readonly place: Place }

const indexOfPlace = ({ slotNow, order, place }: Order): number => {
  if (place.kind === 'start') return 0
  if (place.kind === 'end') return order.length
  const live = order.indexOf(slotNow(place.entry))
  if (live >= 0) return live + 1
  const last = order.findLastIndex((slot) => entryOfSlot(slot) === place.entry)
  return last < 0 ? order.length : last + 1
}
