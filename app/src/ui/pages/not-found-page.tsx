import { Compass } from 'lucide-react'
import { EmptyState } from '../controls/empty-state.tsx'
import { Icon } from '../controls/icon.tsx'
import { AppLink } from '../controls/app-link.tsx'
import page from '../layout/page.module.css'

export const NotFoundPage = () => (
  <div className={page['page']}>
    <EmptyState
      isPage
      picture={<Icon of={Compass} size={40} />}
      title="There is nothing at this address"
      actions={
        <AppLink className={page['all']} href="/">
          Go to Home
        </AppLink>
      }
    >
      The link may be old or incomplete.
    </EmptyState>
  </div>
)
