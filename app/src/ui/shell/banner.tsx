import { WifiOff } from 'lucide-react'
import { Icon } from '../controls/icon.tsx'
import { Mark, Wordmark } from '../controls/mark.tsx'
import { useReadable, useServices } from '../state/services-context.tsx'
import { AppLink } from '../controls/app-link.tsx'
import { SearchBox } from './search-box.tsx'
import css from './banner.module.css'

export const Banner = () => {
  const isOnline = useReadable(useServices().isOnline)
  return (
    <header className={css['banner']}>
      <AppLink href="/" className={css['brand']} aria-label="Tonestead">
        <Mark />
        <Wordmark />
      </AppLink>
      <div className={css['search']}>
        <SearchBox />
      </div>
      <div className={css['end']}>
        {isOnline ? undefined : (
          <span className={css['offline']}>
            <Icon of={WifiOff} size={16} />
            Offline
          </span>
        )}
      </div>
    </header>
  )
}
