import type { ReactNode } from 'react'
import css from './empty-state.module.css'

type EmptyStateProps = {
  picture?: ReactNode
  title: string
  children?: ReactNode
  actions?: ReactNode
  /** There is nothing else on the page: its title is the title of the page. */ isPage?: boolean
}

/** Says why a page is empty, and what would fill it. */
export const EmptyState = ({ picture, title, children, actions, isPage = false }: EmptyStateProps) => {
  const Title = isPage ? 'h1' : 'h2'
  return (
    <div className={css['empty']}>
      {picture === undefined ? undefined : <div className={css['picture']}>{picture}</div>}
      <Title className={css['title']}>{title}</Title>
      {children === undefined ? undefined : <div className={css['text']}>{children}</div>}
      {actions === undefined ? undefined : <div className={css['actions']}>{actions}</div>}
    </div>
  )
}
