import type { Bytes } from '@tonestead/protocol/bytes'
import { writeRelayFrame } from '@tonestead/protocol/sync/frame'
import type { RelayMessage as RelayFrame } from '@tonestead/protocol/sync/frame-messages'

type ItemsFrame = Omit<Extract<RelayFrame, { kind: 'items' }>, 'kind'>
export type WriteItemsFrame = (message: ItemsFrame, items: readonly Bytes[]) => Bytes

/** The same page goes to many readers, one after the other: the frame that was made last is used again. A receipt names its place and all before it. */
export const createItemsFrame = (): WriteItemsFrame => {
  let last: { readonly key: string; readonly frame: Bytes } | undefined
  return (message, items) => {
    const { receipt, collection, from } = message
    const key = receipt && `${collection} ${from} ${items.length} ${receipt.generation} ${receipt.seq} ${receipt.chain}`
    if (key !== undefined && last?.key === key) return last.frame
    const frame = writeRelayFrame({ kind: 'items', ...message }, items)
    if (key !== undefined) last = { key, frame }
    return frame
  }
}
