import { optionalTextOf, textOf } from '../documents/document-text.ts'
import { textAt } from '../documents/map-changes.ts'
import type { EntryId, IntentId } from '../ids.ts'
import { runsIn, type Place } from '../slots/place.ts'
import { folderOfSlot, intentOfSlot } from '../slots/slot-ids.ts'
import { recordOf, shownIds } from '../slots/slot-list.ts'
import { packedItem } from './packed-item.ts'
import { rootItem, type RootDocument } from './root-document.ts'
import type { ItemRun, NewRootItem, RootIntent } from './root-intent.ts'

/** An intent, and the root as it was before it was applied. `id`: of the intent that undoes it. */
export type RootUndo = { readonly before: RootDocument; readonly intent: RootIntent; readonly id: IntentId }

/** [UN1] As `undoOfPlaylistIntent`, for the root document. Marks (shards, months) and collected slots are not undone. */
export const undoOfRootIntent = ({ before, intent, id }: RootUndo): RootIntent | undefined => {
  switch (intent.kind) {
    case 'addItems':
      return removalOf(before, intent.items, id)
    case 'restoreItems':
      return removalOf(
        before,
        intent.runs.flatMap(({ items }) => items),
        id,
      )
    case 'moveItems':
      return returnOf(before, intent.ids, { id, movedBy: intent.id })
    case 'returnItems':
      return returnOf(before, stillThere(before, intent), { id, movedBy: intent.id })
    case 'removeItems':
      return restorationOf(before, intent.ids, id)
    default:
      return undoOfNames({ before, intent, id })
  }
}

const undoOfNames = ({ before, intent, id }: RootUndo): RootIntent | undefined => {
  if (intent.kind === 'renameFolder') {
    const name = optionalTextOf(recordOf(before, intent.folder)?.name)
    return name === undefined
      ? undefined
      : { kind: 'renameFolder', id, folder: intent.folder, name, expected: intent.name }
  }
  if (intent.kind === 'replaceItem') {
    const item = packedItem.unpack(textOf(recordOf(before, intent.entry)?.item))
    return item && { kind: 'replaceItem', id, entry: intent.entry, item }
  }
  if (intent.kind !== 'nameDevice' && intent.kind !== 'forgetDevice') return undefined
  const name = textAt(before.devices, intent.device)
  if (name !== undefined) return { kind: 'nameDevice', id, device: intent.device, name }
  return intent.kind === 'nameDevice' ? { kind: 'forgetDevice', id, device: intent.device } : undefined
}

const removalOf = (before: RootDocument, items: readonly NewRootItem[], id: IntentId): RootIntent | undefined => {
  const ids = items.flatMap((item) => (recordOf(before, item.id) === undefined ? [item.id] : []))
  return ids.length === 0 ? undefined : { kind: 'removeItems', id, ids }
}

const returnOf = (
  before: RootDocument,
  ids: readonly string[],
  { id, movedBy }: { id: IntentId; movedBy: IntentId },
): RootIntent | undefined => {
  const runs = runsByFolder(before, ids)
  return runs.length === 0 ? undefined : { kind: 'returnItems', id, runs, movedBy }
}

const stillThere = (before: RootDocument, { runs, movedBy }: Extract<RootIntent, { kind: 'returnItems' }>): string[] =>
  runs.flatMap<string>(({ ids }) => ids).filter((each) => intentOfSlot(textOf(recordOf(before, each)?.at)) === movedBy)

const restorationOf = (before: RootDocument, ids: readonly string[], id: IntentId): RootIntent | undefined => {
  const runs = runsByFolder(before, ids).map(({ ids: entries, ...run }) => ({
    ...run,
    items: entries.flatMap((entry): NewRootItem[] => {
      const found = rootItem(before, entry)
      if (found === undefined) return []
      const { name, ...item } = found
      return [{ id: entry, item, ...(name === undefined ? {} : { name }) }]
    }),
  }))
  return runs.length === 0 ? undefined : { kind: 'restoreItems', id, runs }
}

/** Runs as in `runsIn`, cut where the folder changes. */
const runsByFolder = (before: RootDocument, ids: readonly string[]): ItemRun[] =>
  runsIn(shownIds(before), new Set(ids)).flatMap((run) => {
    const runs: { ids: EntryId[]; folder: string; place: Place }[] = []
    for (const id of run.ids as readonly EntryId[]) {
      const folder = folderOfSlot(textOf(recordOf(before, id)?.at))
      const last = runs.at(-1)
      const lastId = last?.ids.at(-1)
      if (last?.folder === folder) last.ids.push(id)
      else runs.push({ ids: [id], folder, place: lastId === undefined ? run.place : { kind: 'after', entry: lastId } })
    }
    return runs.map(({ ids: items, folder, place }) => ({
      ids: items,
      place,
      ...(folder === '' ? {} : { folder: folder as EntryId }),
    }))
  })
