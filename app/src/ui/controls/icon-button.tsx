import type { LucideIcon } from 'lucide-react'
import type { ComponentPropsWithRef } from 'react'
import { classNames } from '../state/class-names.ts'
import { Icon } from './icon.tsx'
import css from './icon-button.module.css'

type IconButtonProps = Omit<ComponentPropsWithRef<'button'>, 'aria-label' | 'children' | 'type'> & {
  label: string
  icon: LucideIcon
  iconSize?: number
  look?: 'plain' | 'transport' | 'small'
}

/** A button that shows only an icon; `label` is its accessible name and its tooltip. */
export const IconButton = ({ label, icon, iconSize, look = 'plain', className, ...rest }: IconButtonProps) => (
  <button
    type="button"
    aria-label={label}
    title={label}
    className={classNames(css['button'], css[look], className)}
    {...rest}
  >
    <Icon of={icon} size={iconSize ?? (look === 'small' ? 16 : 20)} />
  </button>
)
