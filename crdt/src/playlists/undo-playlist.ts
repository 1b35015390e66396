import { optionalTextOf, textOf } from '../documents/document-text.ts'
import type { IntentId } from '../ids.ts'
import { runsIn } from '../slots/place.ts'
import { intentOfSlot } from '../slots/slot-ids.ts'
import { recordOf, shownIds } from '../slots/slot-list.ts'
import { packedCover } from './packed-playlist.ts'
import { playlistItem, type PlaylistDocument } from './playlist-document.ts'
import type { Expected, NewPlaylistEntry, PlaylistIntent, PlaylistRun } from './playlist-intent.ts'

/** An intent, and the playlist as it was before it was applied. `id`: of the intent that undoes it. */
export type PlaylistUndo = {
  readonly before: PlaylistDocument
  readonly intent: PlaylistIntent
  readonly id: IntentId
}

/**
 * [UN1] The intent that undoes another one: a change like any other, so it works on what collaborators made meanwhile and takes nothing of theirs back.
 * Undefined when the intent changed nothing. A redo is the undo of the undo. Of an intent that was split, each part is undone, the last one first.
 */
export const undoOfPlaylistIntent = ({ before, intent, id }: PlaylistUndo): PlaylistIntent | undefined => {
  switch (intent.kind) {
    case 'addEntries':
      return removalOf(before, [intent.entries], id)
    case 'restoreEntries':
      return removalOf(
        before,
        intent.runs.map(({ entries }) => entries),
        id,
      )
    case 'moveEntries':
      return returnOf(before, intent.ids, { id, movedBy: intent.id })
    case 'returnEntries':
      return returnOf(before, stillThere(before, intent), { id, movedBy: intent.id })
    case 'removeEntries':
      return restorationOf(before, intent.ids, id)
    case 'replaceTracks':
      return formerTracks(before, intent.tracks, id)
    case 'collectSlots':
      return undefined
    default:
      return formerText(before, intent, id)
  }
}

const removalOf = (
  before: PlaylistDocument,
  entries: readonly (readonly NewPlaylistEntry[])[],
  id: IntentId,
): PlaylistIntent | undefined => {
  const ids = entries.flat().flatMap((entry) => (recordOf(before, entry.id) === undefined ? [entry.id] : []))
  return ids.length === 0 ? undefined : { kind: 'removeEntries', id, ids }
}

const runsOf = (before: PlaylistDocument, ids: readonly string[]): PlaylistRun[] =>
  runsIn(shownIds(before), new Set(ids)) as PlaylistRun[]

const returnOf = (
  before: PlaylistDocument,
  ids: readonly string[],
  { id, movedBy }: { id: IntentId; movedBy: IntentId },
): PlaylistIntent | undefined => {
  const runs = runsOf(before, ids)
  return runs.length === 0 ? undefined : { kind: 'returnEntries', id, runs, movedBy }
}

const stillThere = (
  before: PlaylistDocument,
  { runs, movedBy }: Extract<PlaylistIntent, { kind: 'returnEntries' }>,
): string[] =>
  runs.flatMap<string>(({ ids }) => ids).filter((each) => intentOfSlot(textOf(recordOf(before, each)?.at)) === movedBy)

const restorationOf = (before: PlaylistDocument, ids: readonly string[], id: IntentId): PlaylistIntent | undefined => {
  const runs = runsOf(before, ids).map((run) => ({
    place: run.place,
    entries: run.ids.flatMap((each): NewPlaylistEntry[] => {
      const item = playlistItem(before, each)
      return item === undefined ? [] : [{ id: each, ...item }]
    }),
  }))
  return runs.length === 0 ? undefined : { kind: 'restoreEntries', id, runs }
}

const formerTracks = (
  before: PlaylistDocument,
  tracks: Extract<PlaylistIntent, { kind: 'replaceTracks' }>['tracks'],
  id: IntentId,
): PlaylistIntent | undefined => {
  const former = tracks.flatMap(({ id: entry }) => {
    const item = playlistItem(before, entry)
    return item === undefined ? [] : [{ id: entry, track: item.track }]
  })
  return former.length === 0 ? undefined : { kind: 'replaceTracks', id, tracks: former }
}

const formerText = (
  before: PlaylistDocument,
  intent: Extract<PlaylistIntent, { kind: 'setTitle' | 'setDescription' | 'setCover' }>,
  id: IntentId,
): PlaylistIntent => {
  const { title, description, cover } = before
  if (intent.kind === 'setTitle')
    return { kind: 'setTitle', id, ...present('title', optionalTextOf(title)), expected: expectationOf(intent.title) }
  if (intent.kind === 'setDescription')
    return {
      kind: 'setDescription',
      id,
      ...present('description', optionalTextOf(description)),
      expected: expectationOf(intent.description),
    }
  const former = packedCover.unpack(textOf(cover))
  return { kind: 'setCover', id, ...present('cover', former), expected: expectationOf(intent.cover) }
}

const present = <K extends string, V>(key: K, value: V | undefined): { readonly [P in K]?: V } =>
  value === undefined ? {} : ({ [key]: value } as { readonly [P in K]?: V })
const expectationOf = <T>(value: T | undefined): Expected<T> => (value === undefined ? {} : { value })
