import { createContext, use, type ReactNode } from 'react'
import { createAnswerCache, type AnswerCache } from './answer-cache.ts'
import { createStore, type Store } from './store.ts'
import { createToasts, type Toasts } from './toasts.ts'

/** What lies over the page. `now-playing` and `shortcuts` are modal; the queue is a panel where there is room. */
export type Overlay = 'none' | 'now-playing' | 'shortcuts'

/** What the UI itself remembers while the page lives. */
export type UiState = {
  /** Of the app, for the settings. */
  readonly version: string
  readonly answers: AnswerCache
  /** Fetches the code of the page at an address, ahead of going there. */
  readonly preload: (href: string) => void
  readonly toasts: Toasts
  readonly overlay: Store<Overlay>
  readonly isQueueOpen: Store<boolean>
  readonly isRailNarrow: Store<boolean>
  /** What stands in the search field; the address follows when the typing rests. */
  readonly searchText: Store<string>
  /** Enter was pressed in the field over this text; the search page answers it, also when it comes later. */
  readonly searchEntered: Store<{ readonly text: string } | undefined>
  /** Name of the page in the window's title. */
  readonly pageTitle: Store<string>
  /** Result of a claim link, until dismissed. */
  readonly notice: Store<{ readonly tone: 'good' | 'bad'; readonly text: string } | undefined>
}

export const createUiState = (given: Pick<UiState, 'preload' | 'version'>): UiState => ({
  ...given,
  answers: createAnswerCache(),
  toasts: createToasts(),
  overlay: createStore<Overlay>('none'),
  isQueueOpen: createStore(false),
  isRailNarrow: createStore(false),
  searchText: createStore(''),
  searchEntered: createStore<{ readonly text: string } | undefined>(undefined),
  pageTitle: createStore('Tonestead'),
  notice: createStore<{ readonly tone: 'good' | 'bad'; readonly text: string } | undefined>(undefined),
})

const UiStateContext = createContext<UiState | undefined>(undefined)

export const UiStateProvider = ({ state, children }: { state: UiState; children: ReactNode }) => (
  <UiStateContext value={state}>{children}</UiStateContext>
)

export const useUiState = (): UiState => {
  const state = use(UiStateContext)
  if (state === undefined) throw new Error('no UiStateProvider above this component')
  return state
}
