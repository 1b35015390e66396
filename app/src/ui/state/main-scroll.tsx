import { createContext, use, type ReactNode, type RefObject } from 'react'

type ScrollBox = RefObject<HTMLElement | null>

const MainScrollContext = createContext<ScrollBox | undefined>(undefined)

export const MainScrollProvider = ({ box, children }: { box: ScrollBox; children: ReactNode }) => (
  <MainScrollContext value={box}>{children}</MainScrollContext>
)

/** The element that scrolls the page: `main`. */
export const useMainScroll = (): ScrollBox => {
  const box = use(MainScrollContext)
  if (box === undefined) throw new Error('no MainScrollProvider above this component')
  return box
}
