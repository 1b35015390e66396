import { Heart } from 'lucide-react'
import type { Savable } from '../../engine/saved/saved-music.ts'
import { classNames } from '../state/class-names.ts'
import { IconButton } from '../controls/icon-button.tsx'
import { nameOfSavable, useSavedToggle } from './use-saving.ts'
import css from './save-button.module.css'

type SaveButtonProps = {
  thing: Savable
  look?: 'plain' | 'transport' | 'small'
  iconSize?: number
  className?: string | undefined
  /** `L` saves what plays. */ isForCurrent?: boolean
}

/** Saves a thing of the catalog, or removes it again. It is not there where the browser keeps no saved music. */
export const SaveButton = ({ thing, look = 'plain', iconSize, className, isForCurrent = false }: SaveButtonProps) => {
  const { isAvailable, isOn, toggle } = useSavedToggle()
  if (!isAvailable) return undefined
  return (
    <IconButton
      label={`Save ${nameOfSavable(thing).name}`}
      icon={Heart}
      look={look}
      {...(iconSize === undefined ? {} : { iconSize })}
      className={classNames(css['save'], className)}
      aria-pressed={isOn(thing)}
      aria-keyshortcuts={isForCurrent ? 'L' : undefined}
      onClick={() => toggle(thing)}
    />
  )
}
