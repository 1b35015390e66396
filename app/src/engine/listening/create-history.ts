import { playsIn, type HistoryDocument, type HistoryIntent } from '@tonestead/crdt/listening/history-document'
import { historyMonths, type RootDocument } from '@tonestead/crdt/root/root-document'
import type { Random } from '../../ports/random.ts'
import type { DocumentRef, DocumentService, EditResult } from '../documents/documents.ts'
import { createFollowed } from '../documents/followed.ts'
import { newIntentId } from '../documents/new-intent-id.ts'
import type { Readable } from '../readable.ts'
import { rootRef } from './add-play.ts'
import type { History, HistoryChange, HistoryPlay, HistoryView } from './history.ts'

type Deps = { readonly documents: DocumentService; readonly random: Random }
type HistoryRef = DocumentRef<'history'>

export const createHistory = (deps: Deps): History => {
  const views = new Map<number, Readable<HistoryView>>()
  return {
    view: (months) => {
      const known = views.get(months) ?? createView(deps, months)
      views.set(months, known)
      return known
    },
    clear: (signal) => clear(deps, signal),
  }
}

const refsOf = (root: RootDocument): readonly (HistoryRef & { readonly month: string })[] =>
  historyMonths(root).map(({ device, month }) => ({ month, address: { kind: 'history', device, month } }))

/** [KH4] */
const createView = ({ documents }: Deps, months: number): Readable<HistoryView> => {
  const read = createReadPlays()
  return createFollowed<HistoryView>(
    { kind: 'loading' },
    (follow) => {
      const rootView = documents.view(rootRef)
      follow(rootView)
      const root = rootView.get()
      if (root.kind !== 'open') return root
      const openMonth = (refs: readonly HistoryRef[]): OpenMonth => {
        const views = refs.map((ref) => {
          const view = documents.view(ref)
          follow(view)
          return view.get()
        })
        const open = views.flatMap((view) => (view.kind === 'open' ? [view.document] : []))
        return { plays: open.map(read), isComplete: open.length === views.length }
      }
      return newestMonths(refsByMonth(root.document), months, openMonth)
    },
    (before, after) => (isSame(before, after) ? before : after),
  )
}

type OpenMonth = { readonly plays: readonly (readonly HistoryPlay[])[]; readonly isComplete: boolean }

/** The documents of each month, the newest month first. */
const refsByMonth = (root: RootDocument): readonly (readonly HistoryRef[])[] => {
  const byMonth = Map.groupBy(refsOf(root), ({ month }) => month)
  return [...byMonth].toSorted(([a], [b]) => (a < b ? 1 : -1)).map(([, refs]) => refs)
}

/** A month whose plays were all removed is not counted, because its name stays in the root. */
const newestMonths = (
  all: readonly (readonly HistoryRef[])[],
  months: number,
  openMonth: (refs: readonly HistoryRef[]) => OpenMonth,
): HistoryView => {
  const opened: OpenMonth[] = []
  let counted = 0
  for (const refs of all) {
    if (counted === months) break
    const month = openMonth(refs)
    opened.push(month)
    if (!month.isComplete || month.plays.some((plays) => plays.length > 0)) counted += 1
  }
  return {
    kind: 'open',
    plays: newestFirst(opened.flatMap(({ plays }) => plays)),
    isComplete: opened.every(({ isComplete }) => isComplete),
    hasEarlier: opened.length < all.length,
  }
}

/** Reads each value of a document once: a month can have thousands of plays. */
const createReadPlays = (): ((document: HistoryDocument) => readonly HistoryPlay[]) => {
  const known = new WeakMap<HistoryDocument, readonly HistoryPlay[]>()
  return (document) => {
    const plays = known.get(document) ?? playsIn([document])
    known.set(document, plays)
    return plays
  }
}

const newestFirst = (lists: readonly (readonly HistoryPlay[])[]): readonly HistoryPlay[] =>
  lists.length === 1 ? (lists[0] ?? []) : lists.flat().toSorted((a, b) => (a.key < b.key ? 1 : -1))

const isSame = (before: HistoryView, after: HistoryView): boolean =>
  before.kind === 'open' &&
  after.kind === 'open' &&
  before.isComplete === after.isComplete &&
  before.hasEarlier === after.hasEarlier &&
  before.plays.length === after.plays.length &&
  before.plays.every((play, index) => play === after.plays[index])

type Removed = { readonly ref: HistoryRef; readonly plays: readonly HistoryPlay[] }

/** As many plays of one intent: each fits one change. */
const mostPerIntent = 500

/** [KH5] */
const clear = async ({ documents, random }: Deps, signal: AbortSignal): Promise<HistoryChange> => {
  const root = await documents.open(rootRef, signal)
  if (root.kind === 'unavailable') return { kind: 'not-changed', reason: root.reason }
  const removed: Removed[] = []
  for (const { address } of refsOf(root.document)) {
    const ref: HistoryRef = { address }
    const view = await documents.open(ref, signal)
    if (view.kind === 'unavailable') return { kind: 'not-changed', reason: view.reason }
    for (const plays of partsOf(playsIn([view.document]))) {
      const keys = plays.map(({ key }) => key)
      const failure = failureOf(await documents.edit(ref, { kind: 'removePlays', id: newIntentId(random), keys }))
      if (failure !== undefined) return { kind: 'not-changed', reason: failure }
      removed.push({ ref, plays })
    }
  }
  if (removed.length === 0) return { kind: 'unchanged' }
  return { kind: 'changed', undo: () => restore({ documents, random }, removed) }
}

const restore = async ({ documents, random }: Deps, removed: readonly Removed[]): Promise<HistoryChange> => {
  for (const { ref, plays } of removed) {
    const waiting = [plays]
    for (let part = waiting.shift(); part !== undefined; part = waiting.shift()) {
      const intent: HistoryIntent = {
        kind: 'addPlays',
        id: newIntentId(random),
        plays: part.map(({ track, startedAt, playedMs }) => ({ track, startedAt, playedMs })),
      }
      const result = await documents.edit(ref, intent)
      // Long titles: half of it fits one change, or a half of that.
      if (result.kind === 'refused' && result.reason === 'intent-too-large' && part.length > 1)
        waiting.unshift(part.slice(0, part.length / 2), part.slice(part.length / 2))
      else if (failureOf(result) !== undefined) return { kind: 'not-changed', reason: failureOf(result) ?? 'refused' }
    }
  }
  return { kind: 'changed', undo: () => clear({ documents, random }, new AbortController().signal) }
}

const partsOf = (plays: readonly HistoryPlay[]): readonly (readonly HistoryPlay[])[] =>
  Array.from({ length: Math.ceil(plays.length / mostPerIntent) }, (_, index) =>
    plays.slice(index * mostPerIntent, (index + 1) * mostPerIntent),
  )

const failureOf = (result: EditResult): 'read-only' | 'refused' | undefined =>
  result.kind === 'read-only' || result.kind === 'refused' ? result.kind : undefined
