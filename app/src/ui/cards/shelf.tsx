import { useId, type ReactNode } from 'react'
import { AppLink } from '../controls/app-link.tsx'
import page from '../layout/page.module.css'
import css from './shelf.module.css'

/** A row of cards that scrolls sideways when it does not fit. */
export const Shelf = ({ title, allHref, children }: { title: string; allHref?: string; children: ReactNode }) => {
  const id = useId()
  return (
    <section className={page['section']} aria-labelledby={id}>
      <div className={page['subhead']}>
        <h2 id={id} className={page['subtitle']}>
          {title}
        </h2>
        {allHref === undefined ? undefined : (
          <AppLink href={allHref} className={page['all']} aria-label={`See all: ${title}`}>
            See all
          </AppLink>
        )}
      </div>
      <ul className={css['shelf']}>{children}</ul>
    </section>
  )
}
