import { ListFilter } from 'lucide-react'
import { Icon } from '../controls/icon.tsx'
import css from './filter-field.module.css'

/** A field whose text narrows the list below it. Escape clears it. */
export const FilterField = ({
  label,
  value,
  onChange,
}: {
  label: string
  value: string
  onChange: (value: string) => void
}) => (
  <div className={css['field']}>
    <span className={css['icon']}>
      <Icon of={ListFilter} size={18} />
    </span>
    <input
      type="search"
      aria-label={label}
      placeholder="Filter"
      value={value}
      autoComplete="off"
      onChange={(event) => onChange(event.target.value)}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || value === '') return
        event.preventDefault()
        onChange('')
      }}
    />
  </div>
)
