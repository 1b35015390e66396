import type { LucideIcon } from 'lucide-react'
import type { ComponentPropsWithRef } from 'react'
import { classNames } from '../state/class-names.ts'
import { Icon } from './icon.tsx'
import css from './button.module.css'

type ButtonProps = Omit<ComponentPropsWithRef<'button'>, 'type'> & {
  icon?: LucideIcon
  look?: 'primary' | 'secondary' | 'quiet' | 'danger'
  type?: 'button' | 'submit'
}

export const Button = ({ icon, look = 'secondary', type = 'button', className, children, ...rest }: ButtonProps) => (
  <button type={type} className={classNames(css['button'], css[look], className)} {...rest}>
    {icon === undefined ? undefined : <Icon of={icon} size={18} />}
    <span>{children}</span>
  </button>
)
