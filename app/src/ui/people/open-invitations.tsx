import { useId, useState } from 'react'
import { Button } from '../controls/button.tsx'
import { formatDay } from '../state/format-time.ts'
import type { PeopleParts } from './member-list.tsx'
import { roleTexts } from './people-texts.ts'
import { useChangePeople } from './use-change-people.ts'
import css from './people.module.css'

/** Links that nobody has used yet. */
export const OpenInvitations = ({ people, collection, membership }: PeopleParts) => {
  const id = useId()
  const [nowMs] = useState(() => Date.now())
  const { isBusy, run } = useChangePeople()
  return (
    <section className={css['part']} aria-labelledby={id}>
      <h3 id={id} className={css['subtitle']}>
        Open invitations
      </h3>
      <ul>
        {membership.invitations.map(({ id: invitation, role, expiresAt }) => (
          <li key={invitation} className={css['row']}>
            <div className={css['words']}>
              <span className={css['name']}>{roleTexts[role][0]}</span>
              <span className={css['hint']}>
                {expiresAt < nowMs ? 'Expired on' : 'Works until'} {formatDay(expiresAt)}
              </span>
            </div>
            <Button disabled={isBusy} onClick={() => run(people.withdraw(collection, invitation), 'Link withdrawn.')}>
              Withdraw
            </Button>
          </li>
        ))}
      </ul>
    </section>
  )
}
