import { useId, useState, type SubmitEvent } from 'react'
import type { People } from '../../engine/people/people.ts'
import { Button } from '../controls/button.tsx'
import { useReadable } from '../state/services-context.tsx'
import { useChangePeople } from './use-change-people.ts'
import { usePeople } from './use-people.ts'
import css from './people.module.css'

/** The name by which others know this person in shared playlists. */
export const OwnName = () => {
  const people = usePeople()
  return people === undefined ? undefined : <NameForm people={people} />
}

const NameForm = ({ people }: { people: People }) => {
  const known = useReadable(people.name)
  const id = useId()
  const [typed, setTyped] = useState<string>()
  const { isBusy, run } = useChangePeople()
  const name = typed ?? known ?? ''
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    run(people.setName(name), name.trim() === '' ? 'You have no name now.' : `Others see you as ${name.trim()}.`)
    setTyped(undefined)
  }
  return (
    <form className={css['part']} onSubmit={submit}>
      <label htmlFor={id} className={css['label']}>
        Your name in shared playlists
      </label>
      <div className={css['link']}>
        <input
          id={id}
          className={css['field']}
          value={name}
          maxLength={60}
          placeholder="Someone"
          autoComplete="nickname"
          onChange={({ target }) => setTyped(target.value)}
        />
        <Button type="submit" disabled={isBusy || typed === undefined}>
          Save
        </Button>
      </div>
      <p className={css['hint']}>Only the people of your shared playlists can read it, and only where you may write.</p>
    </form>
  )
}
