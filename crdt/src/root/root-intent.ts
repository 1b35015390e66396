import type { DeviceId, EntryId, IntentId } from '../ids.ts'
import type { ShardCount } from '../library/library-shards.ts'
import type { Place } from '../slots/place.ts'
import type { RootItem } from './packed-item.ts'

/** An item that an intent brings; `name` for folders. */
export type NewRootItem = { readonly id: EntryId; readonly item: RootItem; readonly name?: string }
/** Items that an intent brings to a place in a folder; without a folder, at the top. */
export type NewItemRun = {
  readonly items: readonly NewRootItem[]
  readonly folder?: EntryId
  readonly place: Place
}
/** Items that an intent moves to a place in a folder; without a folder, at the top. */
export type ItemRun = { readonly ids: readonly EntryId[]; readonly folder?: EntryId; readonly place: Place }

/** A change of the root document, as plain data. Undo as in `PlaylistIntent`. `expected`: the name that must be there. */
export type RootIntent =
  | ({ readonly kind: 'addItems'; readonly id: IntentId } & NewItemRun)
  | { readonly kind: 'restoreItems'; readonly id: IntentId; readonly runs: readonly NewItemRun[] }
  | ({ readonly kind: 'moveItems'; readonly id: IntentId } & ItemRun)
  | {
      readonly kind: 'returnItems'
      readonly id: IntentId
      readonly runs: readonly ItemRun[]
      readonly movedBy: IntentId
    }
  | { readonly kind: 'removeItems'; readonly id: IntentId; readonly ids: readonly EntryId[] }
  | {
      readonly kind: 'renameFolder'
      readonly id: IntentId
      readonly folder: EntryId
      readonly name: string
      readonly expected?: string
    }
  | { readonly kind: 'replaceItem'; readonly id: IntentId; readonly entry: EntryId; readonly item: RootItem }
  | { readonly kind: 'collectItemSlots'; readonly id: IntentId; readonly slots: readonly string[] }
  | { readonly kind: 'nameDevice'; readonly id: IntentId; readonly device: DeviceId; readonly name: string }
  | { readonly kind: 'forgetDevice'; readonly id: IntentId; readonly device: DeviceId }
  | { readonly kind: 'splitLibrary'; readonly id: IntentId; readonly shards: Exclude<ShardCount, 1> }
  | {
      readonly kind: 'addHistoryMonth'
      readonly id: IntentId
      readonly device: DeviceId
      readonly month: string
    }
