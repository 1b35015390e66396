import { maxDevices, maxHistoryMonths, maxRootItems } from '../documents/document-limits.ts'
import { textOf, type DraftTools } from '../documents/document-text.ts'
import { outcomeOf, refused, type Outcome } from '../documents/intent-outcome.ts'
import { fitsOneChange } from '../documents/intent-size.ts'
import { deleteKeys, putTexts } from '../documents/map-changes.ts'
import { textFormats, type TextFormat } from '../documents/text-formats.ts'
import type { EntryId, IntentId } from '../ids.ts'
import { addRecords, collectSlots, moveRecords, removeRecords, type RecordRun } from '../slots/slot-changes.ts'
import { recordOf } from '../slots/slot-list.ts'
import { packedItem, type RootItem } from './packed-item.ts'
import type { RootDocument, RootItemRecord } from './root-document.ts'
import type { ItemRun, NewItemRun, RootIntent } from './root-intent.ts'

type Change = {
  readonly draft: RootDocument
  readonly tools: DraftTools<RootDocument>
  readonly intent: IntentId
}

/** [IN1] Applies an intent to the draft of a root document. */
export const applyRootIntent = (draft: RootDocument, intent: RootIntent, tools: DraftTools<RootDocument>): Outcome => {
  const change = { draft, tools, intent: intent.id }
  switch (intent.kind) {
    case 'addItems':
      return addRuns(change, [intent])
    case 'restoreItems':
      return addRuns(change, intent.runs)
    case 'moveItems':
      return moveRuns(change, [intent])
    case 'returnItems':
      return moveRuns(change, intent.runs, intent.movedBy)
    case 'removeItems':
      return removeRecords(draft, intent.ids)
    case 'renameFolder':
      return renameFolder(change, intent)
    case 'replaceItem':
      return replaceItem(change, intent.entry, intent.item)
    case 'collectItemSlots':
      return collectSlots(change, intent.slots)
    default:
      return applyIndexIntent(draft, intent, tools)
  }
}

type IndexIntent = Extract<RootIntent, { kind: 'nameDevice' | 'forgetDevice' | 'splitLibrary' | 'addHistoryMonth' }>

const applyIndexIntent = (draft: RootDocument, intent: IndexIntent, tools: DraftTools<RootDocument>): Outcome => {
  switch (intent.kind) {
    case 'nameDevice':
      return putTexts(
        { map: draft.devices, before: tools.before?.devices, tools },
        new Map([[intent.device, intent.name]]),
        { key: 'deviceId', value: 'title', maxKeys: maxDevices, isChanged: () => true },
      )
    case 'forgetDevice':
      return deleteKeys(draft.devices, [intent.device])
    case 'splitLibrary':
      return putMark(draft.libraryShards, String(intent.shards), { format: 'shardCount', maxKeys: 2 })
    case 'addHistoryMonth':
      return putMark(draft.history, `${intent.device}/${intent.month}`, {
        format: 'historyMonth',
        maxKeys: maxHistoryMonths,
      })
  }
}

const addRuns = (change: Change, runs: readonly NewItemRun[]): Outcome => {
  const packed = runs.map((run) => ({ ...run, texts: run.items.map(({ item }) => packedItem.pack(item)) }))
  const items = runs.flatMap((run) => run.items)
  const texts = packed.flatMap((run) => [...run.texts, ...run.items.map(({ name }) => name ?? '')])
  const isPermitted =
    items.every(({ id, name }) => textFormats.entryId(id) && (name === undefined || textFormats.title(name))) &&
    packed.every((run) => run.texts.every(textFormats.item) && isFolderId(run.folder))
  if (!isPermitted) return refused('value-not-permitted')
  if (!fitsOneChange(items.length, texts)) return refused('intent-too-large')
  const { immutable } = change.tools
  const records = packed.map((run): RecordRun<RootItemRecord> => ({
    place: run.place,
    suffix: suffixOf(run.folder),
    records: new Map(
      run.items.map(({ id, name }, index) => [
        id,
        { item: immutable(run.texts[index] ?? ''), ...(name === undefined ? {} : { name: immutable(name) }) },
      ]),
    ),
  }))
  return addRecords(change, records, maxRootItems)
}

const moveRuns = (change: Change, runs: readonly ItemRun[], movedBy?: IntentId): Outcome => {
  if (!runs.every(({ folder }) => isFolderId(folder))) return refused('value-not-permitted')
  if (!fitsOneChange(runs.reduce((count, { ids }) => count + ids.length, 0))) return refused('intent-too-large')
  return moveRecords(
    change,
    runs.map(({ ids, place, folder }) => ({ ids, place, suffix: suffixOf(folder) })),
    movedBy,
  )
}

const suffixOf = (folder: EntryId | undefined): string => `:${folder ?? ''}`
const isFolderId = (folder: EntryId | undefined): boolean => folder === undefined || textFormats.entryId(folder)

const renameFolder = (
  { draft, tools }: Change,
  { folder, name, expected }: Extract<RootIntent, { kind: 'renameFolder' }>,
): Outcome => {
  if (!textFormats.title(name)) return refused('value-not-permitted')
  const record = recordOf(draft, folder)
  const current = textOf(record?.name)
  if (record === undefined || current === name || (expected !== undefined && expected !== current)) return outcomeOf(0)
  record.name = tools.immutable(name)
  return outcomeOf(1)
}

const replaceItem = ({ draft, tools }: Change, id: EntryId, item: RootItem): Outcome => {
  const text = packedItem.pack(item)
  if (!textFormats.item(text)) return refused('value-not-permitted')
  const record = recordOf(draft, id)
  if (record === undefined || textOf(record.item) === text) return outcomeOf(0)
  record.item = tools.immutable(text)
  return outcomeOf(1)
}

/** [RT3] [RT5] A mark is set and never removed. */
const putMark = (
  map: { [key: string]: boolean },
  key: string,
  { format, maxKeys }: { format: TextFormat; maxKeys: number },
): Outcome => {
  if (!textFormats[format](key)) return refused('value-not-permitted')
  if (Object.hasOwn(map, key)) return outcomeOf(0)
  if (Object.keys(map).length >= maxKeys) return refused('document-full')
  map[key] = true
  return outcomeOf(1)
}
