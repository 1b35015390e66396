import { useId, useState } from 'react'
import type { Invited, InvitedRole } from '../../engine/people/people.ts'
import { Button } from '../controls/button.tsx'
import { Notice } from '../controls/notice.tsx'
import { formatDay } from '../state/format-time.ts'
import { useServices } from '../state/services-context.tsx'
import { useUiState } from '../state/ui-state.tsx'
import type { PeopleParts } from './member-list.tsx'
import { peopleFailureText, roleTexts } from './people-texts.ts'
import css from './people.module.css'

const terms: readonly (readonly [days: number, text: string])[] = [
  [1, '1 day'],
  [7, '7 days'],
  [30, '30 days'],
]
const roles: readonly InvitedRole[] = ['editor', 'viewer']

/** Makes a link for one person. */
export const InviteForm = ({ people, collection, playlist }: PeopleParts) => {
  const { log } = useServices()
  const id = useId()
  const [role, setRole] = useState<InvitedRole>('editor')
  const [days, setDays] = useState(7)
  const [isWaiting, setWaiting] = useState(false)
  const [invited, setInvited] = useState<Invited>()
  const [failure, setFailure] = useState<string>()
  const invite = async () => {
    setWaiting(true)
    const result = await people
      .invite({ collection, playlist: playlist.id }, { role, days })
      .finally(() => setWaiting(false))
    setInvited(result.kind === 'invited' ? result : undefined)
    setFailure(result.kind === 'invited' ? undefined : peopleFailureText(result))
  }
  return (
    <section className={css['part']} aria-labelledby={id}>
      <h3 id={id} className={css['subtitle']}>
        Invite somebody
      </h3>
      <p className={css['hint']}>
        A link lets one person in, who reads back to the beginning. Send it only to that person.
      </p>
      <div className={css['buttons']}>
        <select
          className={css['select']}
          aria-label="As what"
          value={role}
          onChange={({ target }) => setRole(target.value as InvitedRole)}
        >
          {roles.map((each) => (
            <option key={each} value={each}>
              {roleTexts[each][0]}
            </option>
          ))}
        </select>
        <select
          className={css['select']}
          aria-label="The link works for"
          value={days}
          onChange={({ target }) => setDays(Number(target.value))}
        >
          {terms.map(([value, text]) => (
            <option key={value} value={value}>
              for {text}
            </option>
          ))}
        </select>
        <Button
          look="primary"
          disabled={isWaiting}
          onClick={() => void invite().catch(log.child('ui').failed('an invitation was not made'))}
        >
          Make a link
        </Button>
      </div>
      {failure === undefined ? undefined : (
        <Notice tone="bad" title="There is no link">
          {failure}
        </Notice>
      )}
      {invited === undefined ? undefined : <InvitationLink key={invited.link} invited={invited} />}
    </section>
  )
}

const InvitationLink = ({ invited: { link, expiresAt } }: { invited: Invited }) => {
  const { log } = useServices()
  const { toasts } = useUiState()
  const copy = async () => {
    await navigator.clipboard.writeText(link)
    toasts.show('Link copied.')
  }
  return (
    <div className={css['part']} role="status">
      <div className={css['link']}>
        <input
          className={css['field']}
          aria-label="Invitation link"
          readOnly
          value={link}
          onFocus={(event) => event.currentTarget.select()}
        />
        <Button onClick={() => void copy().catch(log.child('ui').failed('a link was not copied'))}>Copy link</Button>
      </div>
      <p className={css['hint']}>
        Works once, until {formatDay(expiresAt)}. It is shown only now: who loses it needs a new one.
      </p>
    </div>
  )
}
