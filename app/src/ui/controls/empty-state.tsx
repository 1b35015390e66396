import type { ReactNode } from 'react'
import css from './empty-state.module.css'

/** A page without content says why it is empty and what would fill it. */
export const EmptyState = ({ picture, title, children, actions }: { picture?: ReactNode; title: string; children?: ReactNode; actions?: ReactNode }) => (
  <div className={css['empty']}>
    {picture === undefined ? undefined : <div className={css['picture']}>{picture}</div>}
    <h2 className={css['title']}>{title}</h2>
    {children === undefined ? undefined : <div className={css['text']}>{children}</div>}
    {actions === undefined ? undefined : <div className={css['actions']}>{actions}</div>}
  </div>
)
