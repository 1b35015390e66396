// Parts over or beside the page in files of their own. They are loaded when their button is pointed at or focused, or when they are opened.

export const laterParts = {
  queue: () => import('../queue/queue-panel.tsx'),
  nowPlaying: () => import('./now-playing.tsx'),
} as const
