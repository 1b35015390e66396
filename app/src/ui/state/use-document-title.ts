import { useEffect } from 'react'
import { creditText } from './credit-text.ts'
import { usePlayerView } from './services-context.tsx'
import { useUiState } from './ui-state.tsx'

/** Sets the title of the page. While a track plays, the document title shows the track instead. */
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
