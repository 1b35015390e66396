import type { LucideIcon } from 'lucide-react'
import { CircleAlert, CircleCheck, Info, X } from 'lucide-react'
import type { ReactNode } from 'react'
import { classNames } from '../state/class-names.ts'
import { Icon } from './icon.tsx'
import { IconButton } from './icon-button.tsx'
import css from './notice.module.css'

type NoticeProps = {
  tone: 'info' | 'good' | 'bad'
  title: string
  icon?: LucideIcon
  children?: ReactNode
  actions?: ReactNode
  onDismiss?: () => void
}

const icons = { info: Info, good: CircleCheck, bad: CircleAlert } as const

/** Says what happened and what to do about it. */
export const Notice = ({ tone, title, icon = icons[tone], children, actions, onDismiss }: NoticeProps) => (
  <div role={tone === 'bad' ? 'alert' : 'note'} className={classNames(css['notice'], css[tone])}>
    <Icon of={icon} />
    <div className={css['text']}>
      <p className={css['title']}>{title}</p>
      {children === undefined ? undefined : <div className={css['body']}>{children}</div>}
      {actions === undefined ? undefined : <div className={css['actions']}>{actions}</div>}
    </div>
    {onDismiss === undefined ? undefined : <IconButton label="Dismiss" icon={X} look="small" onClick={onDismiss} />}
  </div>
)
