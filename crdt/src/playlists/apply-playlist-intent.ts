import { maxPlaylistEntries } from '../documents/document-limits.ts'
import { textOf, type DraftTools } from '../documents/document-text.ts'
import { outcomeOf, refused, type Outcome } from '../documents/intent-outcome.ts'
import { fitsOneChange } from '../documents/intent-size.ts'
import { textFormats } from '../documents/text-formats.ts'
import type { IntentId } from '../ids.ts'
import { addRecords, collectSlots, moveRecords, removeRecords, type RecordRun } from '../slots/slot-changes.ts'
import { recordOf } from '../slots/slot-list.ts'
import { packedCover, packedPlaylistEntry } from './packed-playlist.ts'
import type { PlaylistDocument, PlaylistEntryRecord } from './playlist-document.ts'
import type { Expected, NewPlaylistRun, PlaylistIntent, PlaylistRun } from './playlist-intent.ts'

type Tools = DraftTools<PlaylistDocument>

/** [IN1] Applies an intent to the draft of a playlist. */
export const applyPlaylistIntent = (draft: PlaylistDocument, intent: PlaylistIntent, tools: Tools): Outcome => {
  const change = { draft, tools, intent: intent.id }
  switch (intent.kind) {
    case 'addEntries':
      return addRuns(change, [intent])
    case 'restoreEntries':
      return addRuns(change, intent.runs)
    case 'moveEntries':
      return moveRuns(change, [intent])
    case 'returnEntries':
      return moveRuns(change, intent.runs, intent.movedBy)
    case 'removeEntries':
      return removeRecords(draft, intent.ids)
    case 'replaceTracks':
      return replaceTracks(draft, intent.tracks, tools)
    case 'collectSlots':
      return collectSlots(change, intent.slots)
    default:
      return setText(change, textChangeOf(intent))
  }
}

const textChangeOf = (
  intent: Extract<PlaylistIntent, { kind: 'setTitle' | 'setDescription' | 'setCover' }>,
): TextChange => {
  if (intent.kind === 'setTitle') return { field: 'title', text: intent.title, expected: intent.expected }
  if (intent.kind === 'setDescription')
    return { field: 'description', text: intent.description, expected: intent.expected }
  const { cover, expected } = intent
  return {
    field: 'cover',
    text: cover && packedCover.pack(cover),
    expected: expected && (expected.value === undefined ? {} : { value: packedCover.pack(expected.value) }),
  }
}

type Change = { readonly draft: PlaylistDocument; readonly tools: Tools; readonly intent: IntentId }

const moveRuns = (change: Change, runs: readonly PlaylistRun[], movedBy?: IntentId): Outcome =>
  fitsOneChange(runs.reduce((count, { ids }) => count + ids.length, 0))
    ? moveRecords(change, runs, movedBy)
    : refused('intent-too-large')

const addRuns = (change: Change, runs: readonly NewPlaylistRun[]): Outcome => {
  const packed = runs.map(({ entries, place }) => ({
    place,
    items: entries.map((entry) => [entry.id, packedPlaylistEntry.pack(entry)] as const),
  }))
  const all = packed.flatMap(({ items }) => items)
  if (!all.every(([id, item]) => textFormats.entryId(id) && textFormats.playlistEntry(item)))
    return refused('value-not-permitted')
  if (
    !fitsOneChange(
      all.length,
      all.map(([, item]) => item),
    )
  )
    return refused('intent-too-large')
  const records = packed.map(({ place, items }): RecordRun<PlaylistEntryRecord> => ({
    place,
    records: new Map(items.map(([id, item]) => [id, { item: change.tools.immutable(item) }])),
  }))
  return addRecords(change, records, maxPlaylistEntries)
}

/** [PL3] Who added an entry, and when, stays. */
const replaceTracks = (
  draft: PlaylistDocument,
  tracks: Extract<PlaylistIntent, { kind: 'replaceTracks' }>['tracks'],
  tools: Tools,
): Outcome => {
  const last = new Map(tracks.map(({ id, track }) => [id, track]))
  const changed = [...last].flatMap(([id, track]) => {
    const text = textOf(recordOf(draft, id)?.item)
    const item = packedPlaylistEntry.unpack(text)
    const replaced = item === undefined ? text : packedPlaylistEntry.pack({ ...item, track })
    return replaced === text ? [] : [{ id, replaced }]
  })
  if (!changed.every(({ replaced }) => textFormats.playlistEntry(replaced))) return refused('value-not-permitted')
  if (
    !fitsOneChange(
      tracks.length,
      changed.map(({ replaced }) => replaced),
    )
  )
    return refused('intent-too-large')
  for (const { id, replaced } of changed) {
    const record = recordOf(draft, id)
    if (record !== undefined) record.item = tools.immutable(replaced)
  }
  return outcomeOf(changed.length)
}

type TextChange = {
  readonly field: 'title' | 'description' | 'cover'
  readonly text: string | undefined
  readonly expected: Expected<string> | undefined
}

/** [PL2] Sets or removes a text; one that is already so is not written again. */
const setText = ({ draft, tools }: Change, { field, text, expected }: TextChange): Outcome => {
  if (text !== undefined && !textFormats[field](text)) return refused('value-not-permitted')
  const current = draft[field] === undefined ? undefined : textOf(draft[field])
  if (current === text || (expected !== undefined && expected.value !== current)) return outcomeOf(0)
  if (text === undefined) delete draft[field]
  else draft[field] = tools.immutable(text)
  return outcomeOf(1)
}
