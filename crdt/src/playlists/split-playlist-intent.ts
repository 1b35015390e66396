import { entryCost } from '../documents/intent-size.ts'
import type { EntryId } from '../ids.ts'
import { partIdOf } from '../slots/slot-ids.ts'
import { splitRuns } from '../slots/split-runs.ts'
import { packedPlaylistEntry } from './packed-playlist.ts'
import type { NewPlaylistEntry, NewPlaylistRun, PlaylistIntent, PlaylistRun } from './playlist-intent.ts'

/**
 * [IN3] Cuts an intent into parts of which each fits one change, to be applied in order; one that fits stays as it is. Cut are those that name entries in
 * an order or remove them.
 */
export const splitPlaylistIntent = (intent: PlaylistIntent): PlaylistIntent[] => {
  switch (intent.kind) {
    case 'addEntries':
      return numbered(
        intent,
        splitNew([intent]).map((runs) => ({ ...intent, ...runs[0] })),
      )
    case 'restoreEntries':
      return numbered(
        intent,
        splitNew(intent.runs).map((runs) => ({ ...intent, runs })),
      )
    case 'returnEntries':
      return numbered(
        intent,
        splitIds(intent.runs).map((runs) => ({ ...intent, runs })),
      )
    case 'moveEntries':
      return numbered(
        intent,
        splitIds([intent]).map((runs) => ({ ...intent, ...runs[0] })),
      )
    case 'removeEntries':
      return numbered(
        intent,
        splitIds([{ ids: intent.ids, place: { kind: 'end' } }]).map(([run]) => ({ ...intent, ids: run?.ids ?? [] })),
      )
    default:
      return [intent]
  }
}

const numbered = (intent: PlaylistIntent, parts: readonly PlaylistIntent[]): PlaylistIntent[] =>
  parts.length <= 1 ? [intent] : parts.map((part, index) => ({ ...part, id: partIdOf(intent.id, index) }))

const splitNew = (runs: readonly NewPlaylistRun[]): NewPlaylistRun[][] =>
  splitRuns<NewPlaylistEntry>(
    runs.map(({ entries, place }) => ({ items: entries, place })),
    { idOf: ({ id }) => id, costOf: (entry) => entryCost(packedPlaylistEntry.pack(entry)) },
  ).map((part) => part.map(({ items, place }) => ({ entries: items, place })))

const splitIds = (runs: readonly PlaylistRun[]): PlaylistRun[][] =>
  splitRuns<EntryId>(
    runs.map(({ ids, place }) => ({ items: ids, place })),
    { idOf: (id) => id, costOf: () => entryCost('') },
  ).map((part) => part.map(({ items, place }) => ({ ids: items, place })))
