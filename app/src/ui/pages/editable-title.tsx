import { useEffect, useRef, useState, type KeyboardEvent } from 'react'
import { classNames } from '../state/class-names.ts'
import hero from './hero.module.css'
import css from './editable-title.module.css'

type EditableTitleProps = {
  title: string
  /** For example "Title of the playlist". */
  label: string
  /** A title that is not empty and differs from the one that was shown. */
  onChange: (title: string) => void
}

/** The heading of a page that is changed where it stands: Enter or leaving it keeps the change, Escape does not. */
export const EditableTitle = ({ title, label, onChange }: EditableTitleProps) => {
  const [isEditing, setEditing] = useState(false)
  const button = useRef<HTMLButtonElement>(null)
  const isFocusWanted = useRef(false)
  useEffect(() => {
    if (!isEditing && isFocusWanted.current) button.current?.focus()
    isFocusWanted.current = false
  }, [isEditing])
  if (!isEditing)
    return (
      <h1 className={hero['title']}>
        <button ref={button} type="button" className={css['shown']} title="Rename" onClick={() => setEditing(true)}>
          <bdi>{title}</bdi>
        </button>
      </h1>
    )
  const end = (wanted: string, hasFocus: boolean) => {
    isFocusWanted.current = hasFocus
    setEditing(false)
    if (wanted !== '' && wanted !== title) onChange(wanted)
  }
  return (
    <div className={classNames(hero['title'], css['box'])}>
      <TitleField title={title} label={label} onEnd={end} />
    </div>
  )
}

type TitleFieldProps = { title: string; label: string; onEnd: (title: string, hasFocus: boolean) => void }

const TitleField = ({ title, label, onEnd }: TitleFieldProps) => {
  const [text, setText] = useState(title)
  // Taking the field away makes it lose the focus, which would end the change once more.
  const hasEnded = useRef(false)
  const end = (wanted: string, hasFocus: boolean) => {
    if (hasEnded.current) return
    hasEnded.current = true
    onEnd(wanted.trim(), hasFocus)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    // Keys that write, with an input method: Enter takes a suggestion.
    if (event.nativeEvent.isComposing || (event.key !== 'Enter' && event.key !== 'Escape')) return
    event.preventDefault()
    event.stopPropagation()
    end(event.key === 'Enter' ? text : title, true)
  }
  return (
    <input
      className={css['field']}
      aria-label={label}
      value={text}
      size={Math.max(4, text.length)}
      maxLength={300}
      dir="auto"
      autoFocus
      onFocus={(event) => event.currentTarget.select()}
      onChange={(event) => setText(event.target.value)}
      onKeyDown={onKeyDown}
      onBlur={() => end(text, false)}
    />
  )
}
