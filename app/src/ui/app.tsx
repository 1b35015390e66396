import { Suspense, use, useEffect, useState } from 'react'
import type { Services } from '../engine/services.ts'
import './tokens.css'
import './fonts.css'
import './base.css'
import { ErrorBoundary } from './shell/error-boundary.tsx'
import { claimFromAddress } from './shell/claim-from-address.ts'
import { Frame } from './shell/frame.tsx'
import { preloadPage } from './page-modules.ts'
import { Routes } from './routes.tsx'
import { FrameSkeleton } from './shell/frame-skeleton.tsx'
import { ServicesProvider, useReadable } from './state/services-context.tsx'
import { createUiState, UiStateProvider } from './state/ui-state.tsx'

type AppProps = { starting: Promise<Services>; version: string }

/** Shows the empty frame while the services start, then the app. */
export const App = (props: AppProps) => (
  <Suspense fallback={<FrameSkeleton />}>
    <StartedApp {...props} />
  </Suspense>
)

const StartedApp = ({ starting, version }: AppProps) => {
  const services = use(starting)
  const [state] = useState(() => createUiState({ preload: preloadWith(services), version }))
  useTheme(services)
  useEffect(() => {
    const claim = (): void => void claimFromAddress(services.account, state)
    claim()
    // The link may be pasted into the tab that is open: then only the fragment changes.
    addEventListener('hashchange', claim)
    return () => removeEventListener('hashchange', claim)
  }, [services, state])
  return (
    <ServicesProvider services={services}>
      <UiStateProvider state={state}>
        <ErrorBoundary>
          <Frame>
            <Routes />
          </Frame>
        </ErrorBoundary>
      </UiStateProvider>
    </ServicesProvider>
  )
}

const preloadWith =
  ({ log }: Services) =>
  (href: string): void =>
    preloadPage(href, log.child('ui').failed('the code of a page was not loaded ahead'))

/** The background colours of tokens.css, for the browser's own bars. */
const backgrounds = { dark: '#121110', light: '#fbf8f3' } as const

const useTheme = ({ settings }: Services): void => {
  const { theme } = useReadable(settings.view)
  useEffect(() => {
    document.documentElement.dataset['theme'] = theme
    for (const meta of document.querySelectorAll<HTMLMetaElement>('meta[name=theme-color]')) {
      const own = meta.media.includes('light') ? 'light' : 'dark'
      meta.content = backgrounds[theme === 'system' ? own : theme]
    }
  }, [theme])
}
