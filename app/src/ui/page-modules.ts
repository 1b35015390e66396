// Each page is a file of its own. It is loaded when a link to it is pointed at, focused or followed.

export const pageModules = {
  home: () => import('./pages/home-page.tsx'),
  library: () => import('./pages/library-page.tsx'),
  release: () => import('./pages/release-page.tsx'),
  track: () => import('./pages/track-page.tsx'),
  playlist: () => import('./pages/playlist-page.tsx'),
  artist: () => import('./pages/artist-page.tsx'),
  search: () => import('./pages/search-page.tsx'),
  settings: () => import('./pages/settings-page.tsx'),
  upload: () => import('./pages/upload-page.tsx'),
  join: () => import('./pages/join-page.tsx'),
  'what-the-relay-sees': () => import('./pages/relay-sees-page.tsx'),
  import: () => import('./pages/import-page.tsx'),
} as const

/** Loads the code of a page before a person opens it. After a failure, opening the page loads it again. */
export const preloadPage = (href: string, onFailure: (cause: unknown) => void): void => {
  const name = href.split(/[/?#]/)[1] || 'home'
  const load = Object.entries(pageModules).find(([page]) => page === name)?.[1]
  void load?.().catch(onFailure)
}
