import { PageSkeleton } from '../controls/skeleton.tsx'
import { Mark, Wordmark } from '../controls/mark.tsx'
import banner from './banner.module.css'
import css from './frame.module.css'

/** The frame until the services are there: the same layout without controls. */
export const FrameSkeleton = () => (
  <div className={css['frame']} aria-busy="true">
    <header className={banner['banner']}>
      <span className={banner['brand']}>
        <Mark />
        <Wordmark />
      </span>
    </header>
    <div className={css['emptyRail']} />
    <main className={css['main']}>
      <PageSkeleton />
    </main>
    <div className={css['emptyPlayer']} />
  </div>
)
