import { createContext, use, type ReactNode } from 'react'
import type { Track } from '@tonestead/protocol/catalog'
import { createAnswerCache, type AnswerCache } from './answer-cache.ts'
import { createStore, type Store } from './store.ts'
import { createToasts, type Toasts } from './toasts.ts'

/** The modal dialog over the page. */
export type Overlay = 'none' | 'now-playing' | 'shortcuts'

/** Tracks that a person wants to add to a playlist. `what`: a title, or how many. `load` shows a message and gives undefined when they cannot be had. */
export type PlaylistAddition = { readonly what: string; readonly load: () => Promise<readonly Track[] | undefined> }

/** The state of the UI itself, until the page is closed. */
export type UiState = {
  /** Version of the app, shown in the settings. */
  readonly version: string
  readonly answers: AnswerCache
  /** Rises when a list that is followed has changed on the server. */
  readonly catalogRound: Store<number>
  /** Loads the code of the page at an address before a person opens it. */
  readonly preload: (href: string) => void
  readonly toasts: Toasts
  readonly overlay: Store<Overlay>
  readonly isQueueOpen: Store<boolean>
  /** Opens the dialog that asks for the playlist. */
  readonly playlistAddition: Store<PlaylistAddition | undefined>
  readonly isRailNarrow: Store<boolean>
  /** The text of the search field; the address follows when the typing pauses. */
  readonly searchText: Store<string>
  /** Enter was pressed in the field with this text; the search page opens the top hit as soon as the result is there. */
  readonly searchEntered: Store<{ readonly text: string } | undefined>
  /** The document title, without the current track. */
  readonly pageTitle: Store<string>
  /** Result of a claim link, until dismissed. */
  readonly notice: Store<{ readonly tone: 'good' | 'bad'; readonly text: string } | undefined>
}

export const createUiState = (given: Pick<UiState, 'preload' | 'version'>): UiState => ({
  ...given,
  answers: createAnswerCache(),
  catalogRound: createStore(0),
  toasts: createToasts(),
  overlay: createStore<Overlay>('none'),
  isQueueOpen: createStore(false),
  playlistAddition: createStore<PlaylistAddition | undefined>(undefined),
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
