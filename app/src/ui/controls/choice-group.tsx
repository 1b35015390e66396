import { useId } from 'react'
import css from './choice-group.module.css'

type ChoiceGroupProps<T extends string> = {
  label: string
  choices: readonly (readonly [value: T, name: string, hint: string])[]
  value: T
  onChange: (value: T) => void
  isRow?: boolean
}

/** Radio buttons, each with a line of explanation. */
export const ChoiceGroup = <T extends string>({
  label,
  choices,
  value,
  onChange,
  isRow = false,
}: ChoiceGroupProps<T>) => {
  const name = useId()
  return (
    <fieldset className={css['group']} data-row={isRow ? '' : undefined}>
      <legend className={css['legend']}>{label}</legend>
      <div className={css['choices']}>
        {choices.map(([choice, text, hint]) => (
          <label key={choice} className={css['choice']}>
            <input
              type="radio"
              name={name}
              value={choice}
              checked={choice === value}
              onChange={() => onChange(choice)}
            />
            <span>
              <span className={css['name']}>{text}</span>
              {hint === '' ? undefined : <span className={css['hint']}>{hint}</span>}
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  )
}
