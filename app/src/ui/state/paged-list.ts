import type { Answer } from '../../engine/server/answer.ts'
import type { Readable } from '../../engine/readable.ts'
import type { Page } from '@tonestead/protocol/catalog'
import { createStore } from './store.ts'
import { unlessAborted } from './unless-aborted.ts'

export type PagedView<T> = {
  /** undefined until the first page is loaded. */
  readonly total: number | undefined
  /** Why the visible rows were not loaded. */
  readonly failure: Exclude<Answer<unknown>, { kind: 'ready' }> | undefined
  /** The row at an index; undefined while it is loading. */
  readonly at: (index: number) => T | undefined
}

/** A long list that keeps only the pages near the visible rows in memory. */
export type PagedList<T> = {
  readonly view: Readable<PagedView<T>>
  /** Sets the visible rows, `last` included: missing pages are requested, requests for other pages are aborted. */
  readonly show: (first: number, last: number) => void
  /** Requests the visible pages again after a failure. */
  readonly retry: () => void
  /** Requests the visible pages again, also those that are loaded. */
  readonly refresh: () => void
  readonly close: () => void
}

export type PagedListPlan<T> = {
  readonly fetch: (range: { offset: number; limit: number }, signal: AbortSignal) => Promise<Answer<Page<T>>>
  /** Waits until the scrolling pauses, so that pages that are scrolled past are not requested. */
  readonly rest: (signal: AbortSignal) => Promise<void>
  readonly pageSize: number
  readonly maxPages: number
}

export const createPagedList = <T>(plan: PagedListPlan<T>): PagedList<T> => {
  const pages = new Map<number, readonly T[]>()
  const requests = new Map<number, AbortController>()
  let total: number | undefined
  let failure: PagedView<T>['failure']
  let visiblePages: readonly number[] = [0]

  const at = (index: number): T | undefined => pages.get(Math.floor(index / plan.pageSize))?.[index % plan.pageSize]
  const view = createStore<PagedView<T>>({ total, failure, at })
  const publish = (): void => view.set({ total, failure, at })

  const keep = (page: number, items: readonly T[]): void => {
    pages.set(page, items)
    const farthest = [...pages.keys()].toSorted((a, b) => distance(b, visiblePages) - distance(a, visiblePages))
    for (const old of farthest.slice(0, Math.max(0, pages.size - plan.maxPages))) pages.delete(old)
  }
  const request = async (page: number): Promise<void> => {
    const controller = new AbortController()
    const { signal } = controller
    requests.set(page, controller)
    if (total !== undefined) await plan.rest(signal)
    const answer = signal.aborted
      ? undefined
      : await unlessAborted(plan.fetch({ offset: page * plan.pageSize, limit: plan.pageSize }, signal), signal)
    if (requests.get(page) === controller) requests.delete(page)
    if (answer === undefined) return
    if (answer.kind === 'ready') {
      total = answer.value.total
      failure = undefined
      keep(page, answer.value.items)
    } else failure = answer
    publish()
  }
  const show = (first: number, last: number): void => {
    visiblePages = pagesOf({ first, last, total }, plan.pageSize)
    for (const [page, controller] of requests) {
      if (visiblePages.includes(page)) continue
      requests.delete(page)
      controller.abort()
    }
    if (failure !== undefined) return
    for (const page of visiblePages) if (!pages.has(page) && !requests.has(page)) void request(page)
  }
  return {
    view,
    show,
    retry: () => {
      failure = undefined
      publish()
      for (const page of visiblePages) if (!pages.has(page) && !requests.has(page)) void request(page)
    },
    refresh: () => {
      failure = undefined
      for (const page of visiblePages) if (!requests.has(page)) void request(page)
    },
    close: () => {
      for (const controller of requests.values()) controller.abort()
      requests.clear()
    },
  }
}

/** The pages of the visible rows, nearest the middle first. */
const pagesOf = (
  rows: { first: number; last: number; total: number | undefined },
  pageSize: number,
): readonly number[] => {
  const end = Math.min(rows.last, (rows.total ?? rows.last + 1) - 1)
  const from = Math.max(0, Math.floor(rows.first / pageSize))
  const to = Math.max(from, Math.floor(Math.max(0, end) / pageSize))
  return Array.from({ length: to - from + 1 }, (_, index) => from + index)
}

const distance = (page: number, visiblePages: readonly number[]): number =>
  Math.min(...visiblePages.map((other) => Math.abs(other - page)))
