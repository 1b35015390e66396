import { useId, useState, type SubmitEvent } from 'react'
import { Button } from '../controls/button.tsx'
import { Dialog } from '../controls/dialog.tsx'
import { counted } from '../state/format-time.ts'
import css from './playlist-dialog.module.css'

type MoveToDialogProps = {
  /** How many entries are moved, and how many there are. */
  moved: number
  count: number
  /** From 0. */
  position: number
  onMove: (position: number) => void
  onClose: () => void
}

/** Asks for the position that entries go to: the way without dragging. People count from 1. */
export const MoveToDialog = ({ moved, count, position, onMove, onClose }: MoveToDialogProps) => {
  const [text, setText] = useState(String(position + 1))
  const id = useId()
  const last = count - moved + 1
  const wanted = Number(text)
  const isValid = Number.isInteger(wanted) && wanted >= 1 && wanted <= last
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    if (!isValid) return
    onClose()
    onMove(wanted - 1)
  }
  return (
    <Dialog label="Move to position" shape="center" onClose={onClose}>
      <form className={css['form']} onSubmit={submit} noValidate>
        <h2 className={css['title']}>Move {moved === 1 ? 'the song' : counted(moved, 'song')} to position</h2>
        <label htmlFor={id} className={css['label']}>
          Position, 1 to {last}
        </label>
        <input
          id={id}
          className={css['field']}
          inputMode="numeric"
          value={text}
          autoFocus
          autoComplete="off"
          aria-invalid={!isValid}
          aria-describedby={`${id}-hint`}
          onFocus={(event) => event.currentTarget.select()}
          onChange={(event) => setText(event.target.value)}
        />
        <p id={`${id}-hint`} className={css['hint']} role="status">
          {isValid ? '' : `A whole number from 1 to ${last}.`}
        </p>
        <div className={css['actions']}>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" aria-disabled={!isValid}>
            Move
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
