import { optionalTextOf, textOf, type Text } from '../documents/document-text.ts'
import { readMap, type TextMap } from '../documents/map-changes.ts'
import type { DeviceId, EntryId } from '../ids.ts'
import { shardCounts, type ShardCount } from '../library/library-shards.ts'
import type { SlotsDocument } from '../slots/slot-list.ts'
import { packedItem, type RootItem } from './packed-item.ts'

/** The record of an item: its slot, which also names its folder; a packed `RootItem`; the name of a folder. */
export type RootItemRecord = { at: Text; item: Text; name?: Text }
/**
 * The index of an account: its playlists and folders in one order, names of its devices by device id, and which documents it has. `libraryShards`: keys are
 * counts of shards that were begun. `history`: keys are `<device id>/<month>`.
 */
export type RootDocument = SlotsDocument<RootItemRecord> & {
  v: number
  devices: TextMap
  libraryShards: { [count: string]: boolean }
  history: { [month: string]: boolean }
}

/** [RT3] How many shards the library has: the largest count that any device began. */
export const libraryShardsOf = (root: RootDocument): ShardCount =>
  shardCounts.findLast((count) => Object.hasOwn(root.libraryShards, String(count))) ?? 1

/** [RT4] Names of devices. */
export const deviceNames = (root: RootDocument): ReadonlyMap<DeviceId, string> =>
  readMap(root.devices, (text) => text) as ReadonlyMap<string, string> as ReadonlyMap<DeviceId, string>

/** [RT5] For each month that a device played in: the device and the month. */
export const historyMonths = (root: RootDocument): { readonly device: DeviceId; readonly month: string }[] =>
  Object.keys(root.history)
    .toSorted()
    .map((key) => ({ device: key.slice(0, 52) as DeviceId, month: key.slice(53) }))

/** An item as its record says; undefined when it is gone or cannot be read. */
export const rootItem = (root: RootDocument, id: EntryId): (RootItem & { readonly name?: string }) | undefined => {
  const record = Object.hasOwn(root.entries, id) ? root.entries[id] : undefined
  const item = packedItem.unpack(textOf(record?.item))
  const name = optionalTextOf(record?.name)
  return item && (name === undefined ? item : { ...item, name })
}
