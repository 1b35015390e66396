import { Heart } from 'lucide-react'
import { Icon } from './icon.tsx'
import hidden from './visually-hidden.module.css'
import css from './saved-mark.module.css'

/** Says before the artists of a hit that it is saved. */
export const SavedMark = () => (
  <span className={css['mark']} title="Saved">
    <Icon of={Heart} size={12} />
    <span className={hidden['visuallyHidden']}>Saved. </span>
  </span>
)
