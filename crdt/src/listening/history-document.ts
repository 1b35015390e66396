import { maxPlays } from '../documents/document-limits.ts'
import type { DraftTools } from '../documents/document-text.ts'
import type { Outcome } from '../documents/intent-outcome.ts'
import { deleteKeys, putTexts, readMap, type TextMap } from '../documents/map-changes.ts'
import type { IntentId } from '../ids.ts'
import { packedPlay, type Play } from './packed-play.ts'

/** What one device played in one month: a map from `playKey` to a packed `Play`. */
export type HistoryDocument = { v: number; plays: TextMap }

/** A change of a history document, as plain data. `keys` are keys of `playsIn`. */
export type HistoryIntent =
  | { readonly kind: 'addPlays'; readonly id: IntentId; readonly plays: readonly Play[] }
  | { readonly kind: 'removePlays'; readonly id: IntentId; readonly keys: readonly string[] }

/** [HI1] The key of a play: its instant, the intent that adds it, and its place in it. Keys in order of letters are in order of time. */
export const playKey = (play: Play, intent: IntentId, index: number): string =>
  `${String(play.startedAt).padStart(16, '0')}-${intent}-${String(index).padStart(4, '0')}`

/** [HI1] Applies an intent to the draft of a history document. */
export const applyHistoryIntent = (
  draft: HistoryDocument,
  intent: HistoryIntent,
  tools: DraftTools<HistoryDocument>,
): Outcome =>
  intent.kind === 'removePlays'
    ? deleteKeys(draft.plays, intent.keys)
    : putTexts(
        { map: draft.plays, before: tools.before?.plays, tools },
        new Map(intent.plays.map((play, index) => [playKey(play, intent.id, index), packedPlay.pack(play)])),
        { key: 'playKey', value: 'play', maxKeys: maxPlays },
      )

/** [HI2] The plays of documents of several devices and months, newest first; at the same instant in order of their keys. */
export const playsIn = (documents: readonly HistoryDocument[]): (Play & { readonly key: string })[] =>
  documents
    .flatMap(({ plays }) => [...readMap(plays, packedPlay.unpack)].map(([key, play]) => ({ ...play, key })))
    .toSorted((a, b) => (a.key < b.key ? 1 : -1))
