import type { Bytes } from '@tonestead/protocol/bytes'
import type { Author } from '@tonestead/protocol/sync/log/rights'
import { writeRelayFrame } from '@tonestead/protocol/sync/frame'
import { maxItemsPerFrame } from '@tonestead/protocol/sync/sync-limits'
import type { CollectionId } from '@tonestead/protocol/sync/sync-ids'
import type { Link } from '../ports/link.ts'
import type { LogHead, LogStore } from '../ports/log-store.ts'
import type { HeadCache } from './head-cache.ts'
import type { AlterItem } from './leave-bodies-out.ts'
import type { WriteItemsFrame } from './items-frame.ts'
import type { ReceiptSigner } from './receipt-signer.ts'
import type { RecentItems } from './recent-items.ts'

/** Bytes of items in one frame. A single item may be larger. */
export const pageBytes = 512 * 1024
/** The next page is sent when so many bytes or fewer are queued: a slow reader holds one page, and the log keeps the rest. */
const lowWaterBytes = 256 * 1024

export type Subscription = {
  readonly collection: CollectionId
  readonly author: Author
  readonly link: Link
  /** The open invitation by which who is no member reads. */
  readonly invitation: string | undefined
  /** Sends what there is after the cursor, and a receipt. Calls while it runs are one more look. */
  readonly wake: () => void
  /** The last place that may be sent: where the reader was taken away. Then `onEnd` is called. */
  readonly limitTo: (seq: number) => void
  readonly end: () => void
}

export type PumpDeps = {
  readonly store: Pick<LogStore, 'read' | 'chainAt'>
  readonly heads: HeadCache
  readonly receipts: ReceiptSigner
  readonly recent: RecentItems
  readonly itemsFrame: WriteItemsFrame
  readonly onFault: (fault: unknown) => void
}

type State = { cursor: number; upTo: number; isEnded: boolean; isRunning: boolean; isWoken: boolean; told: string }

/** Reads a log for one connection, at the speed of its reader. */
export const createSubscription = (
  deps: PumpDeps,
  reader: {
    readonly collection: CollectionId
    readonly author: Author
    readonly link: Link
    readonly after: number
    readonly invitation: string | undefined
    /** [RC15] What this reader gets in the place of an item. */
    readonly alter: AlterItem | undefined
  },
  onEnd: () => void,
): Subscription => {
  const { collection, author, link, invitation, alter } = reader
  const state: State = {
    cursor: reader.after,
    upTo: Infinity,
    isEnded: false,
    isRunning: false,
    isWoken: false,
    told: '',
  }
  const run = async (): Promise<void> => {
    state.isRunning = true
    while (state.isWoken && !state.isEnded) {
      state.isWoken = false
      await pump(deps, { collection, link, alter }, state)
    }
    state.isRunning = false
    if (!state.isEnded && state.cursor >= state.upTo) {
      state.isEnded = true
      onEnd()
    }
  }
  const wake = (): void => {
    state.isWoken = true
    if (!state.isRunning)
      run().catch((fault: unknown) => {
        state.isRunning = false
        deps.onFault(fault)
        link.close('draining', 'the store failed')
      })
  }
  return {
    collection,
    author,
    link,
    invitation,
    wake,
    limitTo: (seq) => {
      state.upTo = seq
      wake()
    },
    end: () => {
      state.isEnded = true
    },
  }
}

type Reader = { readonly collection: CollectionId; readonly link: Link; readonly alter: AlterItem | undefined }

const pump = async (deps: PumpDeps, to: Reader, state: State): Promise<void> => {
  for (;;) {
    const head = await deps.heads.get(to.collection)
    if (head === undefined || state.isEnded) return
    const end = Math.min(head.length, state.upTo)
    if (state.cursor >= end) return tellHead(deps, { ...to, head }, state)
    await to.link.drainedTo(lowWaterBytes)
    const page = await readPage(deps, to.collection, { after: state.cursor, end })
    // A cut made the log shorter than the head that was known here.
    if (page.length === 0) return void (await deps.heads.fresh(to.collection))
    const last = state.cursor + page.length
    const receipt = last < end ? undefined : await receiptAt(deps, head, last)
    if (isEnded(state)) return
    to.link.send(framesFor(deps, to)({ collection: to.collection, from: state.cursor + 1, receipt }, page))
    if (receipt !== undefined) state.told = keyOf(head)
    state.cursor = last
  }
}

/** Frames with altered items are for one reader alone. */
const framesFor = ({ itemsFrame }: PumpDeps, { alter }: Reader): WriteItemsFrame =>
  alter === undefined
    ? itemsFrame
    : (message, items) => {
        const altered = items.map((bytes, index) => alter(message.from + index, bytes))
        return writeRelayFrame({ kind: 'items', ...message }, altered)
      }

/** Asked anew after each wait: the reader may have gone. */
const isEnded = (state: State): boolean => state.isEnded

const keyOf = ({ length, chain, state }: LogHead): string => `${state.generation} ${length} ${chain}`

/** Who has everything gets the receipt alone, once: also who has more than the relay, so that he notices. */
const tellHead = async (
  deps: PumpDeps,
  { link, head }: { readonly link: Link; readonly head: LogHead },
  state: State,
): Promise<void> => {
  if (state.told === keyOf(head) || state.upTo < Infinity) return
  state.told = keyOf(head)
  const receipt = await deps.receipts.receiptFor(head)
  if (receipt !== undefined && !state.isEnded) link.send(writeRelayFrame({ kind: 'receipt', receipt }))
}

const readPage = async (
  { store, recent }: PumpDeps,
  collection: CollectionId,
  { after, end }: { readonly after: number; readonly end: number },
): Promise<readonly Bytes[]> => {
  const items =
    recent.after(collection, after) ??
    (await store.read({ collection, after, most: maxItemsPerFrame, mostBytes: pageBytes })).map(({ bytes }) => bytes)
  return withinFrame(items.slice(0, end - after))
}

const withinFrame = (items: readonly Bytes[]): readonly Bytes[] => {
  let bytes = 0
  const end = items.findIndex(({ length }, index) => (bytes += length) > pageBytes && index > 0)
  return items.slice(0, Math.min(maxItemsPerFrame, end < 0 ? items.length : end))
}

/** The receipt of the head, or of the place where a reader's right ends. */
export const receiptAt = async (
  { receipts, store }: Pick<PumpDeps, 'receipts' | 'store'>,
  head: LogHead,
  seq: number,
) => {
  if (seq === head.length) return receipts.receiptFor(head)
  const chain = await store.chainAt(head.collection, seq)
  return chain === undefined ? undefined : receipts.receiptAt(head, { length: seq, chain })
}
