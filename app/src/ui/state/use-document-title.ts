import { useEffect } from 'react'
import { creditText } from './credit-text.ts'
import { usePlayerView } from './services-context.tsx'
import { useUiState } from './ui-state.tsx'

/** The name of the page in the window's title; what plays comes before it. */
export const usePageTitle = (title: string | undefined): void => {
  const { pageTitle: store } = useUiState()
  useEffect(() => {
    store.set(title === undefined ? 'Tonestead' : `${title} · Tonestead`)
  }, [store, title])
}

export const useDocumentTitle = (): void => {
  const { pageTitle: store } = useUiState()
  const { current, state } = usePlayerView()
  useEffect(() => {
    const write = () => {
      const isOn = current !== undefined && (state.kind === 'playing' || state.kind === 'loading')
      document.title = isOn ? `▶ ${current.title} · ${creditText(current.credits)}` : store.get()
    }
    write()
    return store.subscribe(write)
  }, [store, current, state])
}
