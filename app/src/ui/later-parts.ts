// Parts of the frame in files of their own. They are loaded when their button is pointed at or focused, or when they are opened.

export const laterParts = {
  queue: () => import('./queue/queue-panel.tsx'),
  nowPlaying: () => import('./player/now-playing.tsx'),
  shortcuts: () => import('./shell/shortcuts-dialog.tsx'),
  addToPlaylist: () => import('./playlists/add-to-playlist-dialog.tsx'),
} as const
