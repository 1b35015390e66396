import {
  maxDevices,
  maxHistoryMonths,
  maxLibraryEntries,
  maxPlaylistEntries,
  maxPlays,
  maxQueueEntries,
  maxRootItems,
  maxSettings,
  maxSlots,
} from './document-limits.ts'
import type { DocumentKind } from './document-kind.ts'
import type { TextFormat } from './text-formats.ts'

/**
 * What may be at one place of a document. `record`: a map with fixed keys. `map`: any number of keys of one form. `list`: texts. `constant`: a value that
 * only constant changes set. Counts (`max…`) are what intents keep to; several devices together may exceed them.
 */
export type Shape =
  | { readonly kind: 'constant' }
  | { readonly kind: 'text'; readonly format: TextFormat }
  | { readonly kind: 'boolean' }
  | { readonly kind: 'list'; readonly format: TextFormat; readonly maxItems: number }
  | { readonly kind: 'map'; readonly key: TextFormat; readonly value: Shape; readonly maxKeys: number }
  | RecordShape
/** A map with fixed keys. Those in `optional` may be deleted. */
export type RecordShape = {
  readonly kind: 'record'
  readonly fields: Readonly<Record<string, Shape>>
  readonly optional: readonly string[]
}

const text = (format: TextFormat): Shape => ({ kind: 'text', format })
const textMap = (key: TextFormat, value: TextFormat, maxKeys: number): Shape => ({
  kind: 'map',
  key,
  value: text(value),
  maxKeys,
})
const marks = (key: TextFormat, maxKeys: number): Shape => ({
  kind: 'map',
  key,
  value: { kind: 'boolean' },
  maxKeys,
})
/** A root: its containers come from the constant first change, so no operation replaces or deletes them. */
const documentOf = (fields: Record<string, Shape>, optional: readonly string[] = []): RecordShape => ({
  kind: 'record',
  fields: { v: { kind: 'constant' }, ...fields },
  optional,
})
const slots = (format: { slot: TextFormat; item: TextFormat }, maxKeys: number, name: Record<string, Shape> = {}) => ({
  seq: { kind: 'list', format: format.slot, maxItems: maxSlots } as const,
  entries: {
    kind: 'map',
    key: 'entryId',
    value: {
      kind: 'record',
      fields: { at: text(format.slot), item: text(format.item), ...name },
      optional: [],
    },
    maxKeys,
  } as const,
})

/** [DC2] The permitted shape of each kind of document, at its schema version. */
export const documentShapes: Readonly<Record<DocumentKind, RecordShape>> = {
  root: documentOf({
    ...slots({ slot: 'itemSlotId', item: 'item' }, maxRootItems, { name: text('title') }),
    devices: textMap('deviceId', 'title', maxDevices),
    libraryShards: marks('shardCount', 2),
    history: marks('historyMonth', maxHistoryMonths),
  }),
  library: documentOf({
    tracks: textMap('savedKey', 'savedTrack', maxLibraryEntries),
    releases: textMap('savedKey', 'savedRelease', maxLibraryEntries),
    artists: textMap('savedKey', 'savedArtist', maxLibraryEntries),
  }),
  playlist: documentOf(
    {
      ...slots({ slot: 'slotId', item: 'playlistEntry' }, maxPlaylistEntries),
      title: text('title'),
      description: text('description'),
      cover: text('cover'),
    },
    ['title', 'description', 'cover'],
  ),
  queue: documentOf(
    {
      ...slots({ slot: 'slotId', item: 'queueEntry' }, maxQueueEntries),
      current: text('entryId'),
      context: text('context'),
      isShuffled: { kind: 'boolean' },
      repeat: text('repeat'),
    },
    ['current', 'context'],
  ),
  playback: documentOf({
    tokens: textMap('deviceId', 'token', maxDevices),
    anchors: textMap('deviceId', 'anchor', maxDevices),
  }),
  history: documentOf({ plays: textMap('playKey', 'play', maxPlays) }),
  settings: documentOf({ values: textMap('settingName', 'settingValue', maxSettings) }),
}
