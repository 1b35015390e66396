import { useEffect, useRef, type ReactNode } from 'react'
import { useLocation } from 'wouter'
import { ToastRegion } from '../controls/toast-region.tsx'
import { PlayerBar, playerId } from '../player/player-bar.tsx'
import { useReadable } from '../state/services-context.tsx'
import { useUiState } from '../state/ui-state.tsx'
import { laterParts } from '../later-parts.ts'
import { Banner } from './banner.tsx'
import { MainNavigation } from './main-navigation.tsx'
import { MainScrollProvider } from '../state/main-scroll.tsx'
import { PageNotices } from './page-notices.tsx'
import { useLater } from '../state/use-later.ts'
import { useDocumentTitle } from '../state/use-document-title.ts'
import { useScrollMemory } from './use-scroll-memory.ts'
import { useShortcuts } from './use-shortcuts.ts'
import css from './frame.module.css'

const mainId = 'main'

/** The landmarks in their order. The style sheet arranges them for phones, tablets and desktops. */
export const Frame = ({ children }: { children: ReactNode }) => {
  const { isRailNarrow, isQueueOpen } = useUiState()
  const isNarrow = useReadable(isRailNarrow)
  const isOpen = useReadable(isQueueOpen)
  const [path] = useLocation()
  const main = useRef<HTMLElement>(null)
  useShortcuts()
  useDocumentTitle()
  useScrollMemory(main)
  useFocusOnNewPage(main)
  return (
    <div
      className={css['frame']}
      data-rail={isNarrow ? 'narrow' : 'wide'}
      data-queue={isOpen ? '' : undefined}
      data-page={path.split('/')[1] || 'home'}
    >
      <SkipLinks />
      <Banner />
      <MainNavigation />
      <main id={mainId} ref={main} tabIndex={-1} className={css['main']}>
        <MainScrollProvider box={main}>
          <PageNotices />
          {children}
        </MainScrollProvider>
      </main>
      <Queue />
      <PlayerBar />
      <ToastRegion />
      <NowPlaying />
      <AddToPlaylist />
      <Shortcuts />
    </div>
  )
}

const Queue = () => {
  const isOpen = useReadable(useUiState().isQueueOpen)
  const part = useLater(isOpen ? laterParts.queue : undefined)
  return isOpen && part !== undefined ? <part.QueuePanel /> : undefined
}

const NowPlaying = () => {
  const isOpen = useReadable(useUiState().overlay) === 'now-playing'
  const part = useLater(isOpen ? laterParts.nowPlaying : undefined)
  return isOpen && part !== undefined ? <part.NowPlaying /> : undefined
}

const Shortcuts = () => {
  const { overlay } = useUiState()
  const isOpen = useReadable(overlay) === 'shortcuts'
  const part = useLater(isOpen ? laterParts.shortcuts : undefined)
  return isOpen && part !== undefined ? <part.ShortcutsDialog onClose={() => overlay.set('none')} /> : undefined
}

/** Asks for a playlist when something is to be added to one. */
const AddToPlaylist = () => {
  const isAsked = useReadable(useUiState().playlistAddition) !== undefined
  const part = useLater(isAsked ? laterParts.addToPlaylist : undefined)
  return isAsked && part !== undefined ? <part.AddToPlaylistDialog /> : undefined
}

const SkipLinks = () => (
  <div className={css['skip']}>
    {[
      [mainId, 'Skip to content'],
      [playerId, 'Skip to player'],
    ].map(([id = '', text]) => (
      <a
        key={id}
        href={`#${id}`}
        onClick={(event) => {
          event.preventDefault()
          document.getElementById(id)?.focus()
        }}
      >
        {text}
      </a>
    ))}
  </div>
)

/** After navigation the focus moves to `main`, so that a screen reader starts there. A focused search field keeps the focus. */
const useFocusOnNewPage = (main: { readonly current: HTMLElement | null }): void => {
  const [path] = useLocation()
  const before = useRef(path)
  useEffect(() => {
    if (before.current === path) return
    before.current = path
    const focused = document.activeElement
    if (focused === null || focused === document.body || main.current?.contains(focused) === true)
      main.current?.focus({ preventScroll: true })
  }, [path, main])
}
