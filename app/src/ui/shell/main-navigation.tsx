import { House, LibraryBig, PanelLeftClose, PanelLeftOpen, Search, Settings, Upload } from 'lucide-react'
import { useLocation } from 'wouter'
import { Icon } from '../controls/icon.tsx'
import { IconButton } from '../controls/icon-button.tsx'
import { classNames } from '../state/class-names.ts'
import { usePlayerView, useReadable, useServices } from '../state/services-context.tsx'
import { useFrameKind } from '../state/use-frame-kind.ts'
import { useLater } from '../state/use-later.ts'
import { useUiState } from '../state/ui-state.tsx'
import { AppLink } from '../controls/app-link.tsx'
import { SyncIndicator } from '../layout/sync-indicator.tsx'
import { RailReleases } from './rail-releases.tsx'
import css from './main-navigation.module.css'

const places = [
  { href: '/', name: 'Home', icon: House, owns: (path: string) => path === '/' },
  { href: '/search', name: 'Search', icon: Search, owns: (path: string) => path.startsWith('/search') },
  {
    href: '/library/releases',
    name: 'Library',
    icon: LibraryBig,
    owns: (path: string) => /^\/(library|release|artist|track|playlist)/.test(path),
  },
  { href: '/upload', name: 'Upload', icon: Upload, owns: (path: string) => path.startsWith('/upload') },
  { href: '/settings', name: 'Settings', icon: Settings, owns: (path: string) => /^\/(settings|import)/.test(path) },
] as const

const loadPlaylists = () => import('../playlists/rail-playlists.tsx')
const Playlists = () => {
  const isDesktop = useFrameKind() === 'desktop'
  const shell = useReadable(useServices().shell)
  const { state } = usePlayerView()
  // On a first visit the content of the page and the first sound come first.
  const isCalm = shell !== 'starting' && state.kind !== 'loading'
  const part = useLater(isDesktop && isCalm ? loadPlaylists : undefined)
  return part === undefined ? undefined : <part.RailPlaylists />
}

/** One list of links: the style sheet makes it a rail on wide screens and a tab bar at the bottom of a phone. */
export const MainNavigation = () => {
  const [path] = useLocation()
  const { isRailNarrow } = useUiState()
  const isNarrow = useReadable(isRailNarrow)
  const kind = useFrameKind()
  const account = useReadable(useServices().account.view)
  const mayUpload = account.kind === 'ready' && account.rights.includes('upload')
  const visible = places.filter(({ href }) => href !== '/upload' || mayUpload)
  return (
    <nav aria-label="Main" className={classNames(css['navigation'], isNarrow && css['narrow'])}>
      <ul className={css['places']}>
        {visible.map(({ href, name, icon, owns }) => (
          <li key={name}>
            <AppLink
              href={href}
              className={css['place']}
              aria-current={owns(path) ? 'page' : undefined}
              title={isNarrow ? name : undefined}
            >
              <Icon of={icon} size={22} />
              <span className={css['name']}>{name}</span>
            </AppLink>
          </li>
        ))}
      </ul>
      <Playlists />
      <RailReleases />
      {kind === 'phone' ? undefined : <SyncIndicator isIcon={isNarrow || kind === 'tablet'} className={css['sync']} />}
      <div className={css['foot']}>
        <IconButton
          label={isNarrow ? 'Widen navigation' : 'Narrow navigation'}
          icon={isNarrow ? PanelLeftOpen : PanelLeftClose}
          onClick={() => isRailNarrow.set(!isNarrow)}
        />
      </div>
    </nav>
  )
}
