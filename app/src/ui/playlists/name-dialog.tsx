import { useId, useState, type SubmitEvent } from 'react'
import { Button } from '../controls/button.tsx'
import { Dialog } from '../controls/dialog.tsx'
import css from './playlist-dialog.module.css'

type NameDialogProps = {
  title: string
  initial: string
  submit: string
  onName: (name: string) => void
  onClose: () => void
}

/** Asks for the name of a playlist or folder. */
export const NameDialog = ({ title, initial, submit, onName, onClose }: NameDialogProps) => {
  const [name, setName] = useState(initial)
  const id = useId()
  const onSubmit = (event: SubmitEvent) => {
    event.preventDefault()
    if (name.trim() === '') return
    onClose()
    onName(name.trim())
  }
  return (
    <Dialog label={title} shape="center" onClose={onClose}>
      <form className={css['form']} onSubmit={onSubmit}>
        <h2 className={css['title']}>{title}</h2>
        <label htmlFor={id} className={css['label']}>
          Name
        </label>
        <input
          id={id}
          className={css['field']}
          value={name}
          maxLength={300}
          autoFocus
          onFocus={(event) => event.currentTarget.select()}
          onChange={(event) => setName(event.target.value)}
        />
        <div className={css['actions']}>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" aria-disabled={name.trim() === ''}>
            {submit}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
