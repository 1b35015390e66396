// Each page is a file of its own, fetched when a link to it is pointed at or followed.

export const pageModules = {
  home: () => import('./pages/home-page.tsx'),
  library: () => import('./pages/library-page.tsx'),
  release: () => import('./pages/release-page.tsx'),
  track: () => import('./pages/track-page.tsx'),
  artist: () => import('./pages/artist-page.tsx'),
  search: () => import('./pages/search-page.tsx'),
  settings: () => import('./pages/settings-page.tsx'),
  upload: () => import('./pages/upload-page.tsx'),
  import: () => import('./pages/import-page.tsx'),
} as const

/** What is fetched stays fetched: the browser keeps modules by their address. A failure here shows when the page is opened. */
export const preloadPage = (href: string): void => {
  const name = href.split(/[/?#]/)[1] || 'home'
  const load = Object.entries(pageModules).find(([page]) => page === name)?.[1]
  void load?.().catch(() => undefined)
}
