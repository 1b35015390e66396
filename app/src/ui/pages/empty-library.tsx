import { LibraryBig } from 'lucide-react'
import { EmptyState } from '../controls/empty-state.tsx'
import { Icon } from '../controls/icon.tsx'

export const EmptyLibrary = () => (
  <EmptyState picture={<Icon of={LibraryBig} size={40} />} title="No music here yet">
    Give the server a folder, <code>npm start -- ~/Music</code>, and what it finds appears here while it is being read.
    Files of the folder are never changed.
  </EmptyState>
)
