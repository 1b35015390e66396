import type { Documents, Intents } from '@tonestead/crdt/documents/documents'
import { textOf } from '@tonestead/crdt/documents/document-text'
import type { EntryId, IntentId } from '@tonestead/crdt/ids'
import type { ItemRun } from '@tonestead/crdt/root/root-intent'
import type { Place } from '@tonestead/crdt/slots/place'
import { intentOfSlot } from '@tonestead/crdt/slots/slot-ids'
import { recordOf } from '@tonestead/crdt/slots/slot-list'

// A move is undone only for entries that still are where the move put them. When a later change of the same tab was undone before, an entry
// stands there again, but in a slot of that undo. Here is noted which move such a slot stands for.

/** Kinds of documents with an order. */
export type OrderedKind = 'root' | 'playlist'
/** For each entry, the intent that had made its place. */
export type Makers = ReadonlyMap<EntryId, IntentId>

export type PlaceOrigins = {
  /** The undo `by` put entries back to places that `makers` had made. */
  readonly note: (by: IntentId, makers: Makers) => void
  /** An undo as it applies to the document now: one that returns entries names the makers of their present places; perhaps several intents, or none. */
  readonly returned: <K extends OrderedKind>(undo: Intents[K], document: Documents[K]) => Intents[K][]
}

export const createPlaceOrigins = (newIntentId: () => IntentId): PlaceOrigins => {
  const origins = new Map<string, IntentId>()
  const originOf = (entry: EntryId, maker: IntentId): IntentId => origins.get(`${entry}:${maker}`) ?? maker
  return {
    note: (by, makers) => {
      for (const [entry, maker] of makers) origins.set(`${entry}:${by}`, originOf(entry, maker))
    },
    returned: <K extends OrderedKind>(undo: Intents[K], document: Documents[K]): Intents[K][] => {
      if (undo.kind !== 'returnEntries' && undo.kind !== 'returnItems') return [undo]
      const { movedBy } = undo
      const makerNow = (entry: EntryId): IntentId | undefined => {
        const maker = makerOf(document, entry)
        return maker !== undefined && originOf(entry, maker) === originOf(entry, movedBy) ? maker : undefined
      }
      return groups(undo.runs, makerNow).map(
        ({ maker, runs }) =>
          ({ kind: undo.kind, id: newIntentId(), runs, movedBy: maker }) as Intents[OrderedKind] as Intents[K],
      )
    },
  }
}

type Run = { readonly ids: EntryId[]; readonly folder?: EntryId; readonly place: Place }
type Group = { readonly maker: IntentId; readonly runs: Run[] }

/** Cut where the maker changes, so that entries go back one after the other and each finds the one before it in its place. */
const groups = (runs: readonly ItemRun[], makerNow: (entry: EntryId) => IntentId | undefined): Group[] => {
  const all: Group[] = []
  for (const { ids, place, ...folder } of runs) {
    let last: EntryId | undefined
    for (const entry of ids) {
      const maker = makerNow(entry)
      if (maker === undefined) continue
      const isSame = all.at(-1)?.maker === maker
      if (!isSame) all.push({ maker, runs: [] })
      const group = all.at(-1)
      if (isSame && last !== undefined) group?.runs.at(-1)?.ids.push(entry)
      else
        group?.runs.push({
          ...folder,
          ids: [entry],
          place: last === undefined ? place : { kind: 'after', entry: last },
        })
      last = entry
    }
  }
  return all
}

/** The makers of the places that an intent takes from entries. */
export const makersOfPlaces = <K extends OrderedKind>(intent: Intents[K], before: Documents[K]): Makers =>
  new Map(
    movedOrRemoved(intent).flatMap((entry) => {
      const maker = makerOf(before, entry)
      return maker === undefined ? [] : [[entry, maker] as const]
    }),
  )

const movedOrRemoved = (intent: Intents[OrderedKind]): readonly EntryId[] => {
  switch (intent.kind) {
    case 'moveEntries':
    case 'removeEntries':
    case 'moveItems':
    case 'removeItems':
      return intent.ids
    case 'returnEntries':
    case 'returnItems':
      return intent.runs.flatMap(({ ids }) => ids)
    default:
      return []
  }
}

const makerOf = (document: Documents[OrderedKind], entry: EntryId): IntentId | undefined => {
  const slot = textOf(recordOf<{ at: Documents['root']['seq'][number] }>(document, entry)?.at)
  return slot === '' ? undefined : (intentOfSlot(slot) as IntentId)
}
