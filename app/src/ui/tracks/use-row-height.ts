import { useSyncExternalStore } from 'react'

// The same figures stand in tokens.css as --row: 56 px, 40 px for compact rows (not offered yet).
const comfortable = 56

const subscribe = (): (() => void) => () => undefined

/** Height of every row of a track grid, in pixels. */
export const useRowHeight = (): number => useSyncExternalStore(subscribe, () => comfortable)
