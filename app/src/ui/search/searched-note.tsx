import { MonitorSmartphone } from 'lucide-react'
import type { SearchQuery, SearchResult } from '../../engine/search/search.ts'
import { Icon } from '../controls/icon.tsx'
import { useReadable, useServices } from '../state/services-context.tsx'
import css from './search-page.module.css'

type SearchedNoteProps = {
  query: SearchQuery
  result: SearchResult | undefined
  isSettled: boolean
}

/** Says what was searched, when it was not the whole catalog. */
export const SearchedNote = ({ query, result, isSettled }: SearchedNoteProps) => {
  const { search, isOnline } = useServices()
  const index = useReadable(search.deviceIndex)
  const online = useReadable(isOnline)
  const text = ((): string | undefined => {
    if (result?.from === 'own' && isSettled && query.filters.isInLibrary !== true)
      return 'Searching your playlists and what you saved'
    if (result?.from !== 'device' || online) return undefined
    return index.kind === 'ready' && index.scope === 'touched'
      ? 'Searching what was opened or played on this device'
      : 'Searching on this device'
  })()
  if (text === undefined) return undefined
  return (
    <p className={css['where']}>
      <Icon of={MonitorSmartphone} size={16} />
      {text}
    </p>
  )
}
