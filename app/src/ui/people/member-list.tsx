import { useId, useState } from 'react'
import type { Membership } from '../../engine/people/people-messages.ts'
import type { People, Role } from '../../engine/people/people.ts'
import type { OpenPlaylist } from '../../engine/playlists/playlists.ts'
import { Button } from '../controls/button.tsx'
import { memberName, roleTexts } from './people-texts.ts'
import { useChangePeople } from './use-change-people.ts'
import css from './people.module.css'

export type PeopleParts = {
  readonly people: People
  readonly collection: string
  readonly membership: Membership
  readonly playlist: OpenPlaylist
}

type Member = Membership['members'][number]

/** Who takes part. Owners change roles and remove people; everybody else may leave. */
export const MemberList = ({ onLeft, ...parts }: PeopleParts & { onLeft: () => void }) => {
  const { membership } = parts
  const id = useId()
  return (
    <section className={css['part']} aria-labelledby={id}>
      <h3 id={id} className={css['subtitle']}>
        Who takes part
      </h3>
      <ul>
        {membership.members.map((member) => (
          <MemberRow key={member.account} {...parts} member={member} onLeft={onLeft} />
        ))}
      </ul>
    </section>
  )
}

type MemberRowProps = PeopleParts & { member: Member; onLeft: () => void }

const MemberRow = (props: MemberRowProps) => {
  const { membership, member } = props
  const { you } = membership
  const isYou = member.account === you.account
  const isLastOwner = member.role === 'owner' && membership.members.filter(({ role }) => role === 'owner').length === 1
  return (
    <li className={css['row']}>
      <div className={css['words']}>
        <span className={css['name']}>
          <bdi>{memberName(member, you.account)}</bdi>
        </span>
        <span className={css['hint']}>{roleTexts[member.role][1]}</span>
      </div>
      {you.role === 'owner' && !isLastOwner ? (
        <RoleChoice {...props} />
      ) : (
        <span className={css['hint']}>{roleTexts[member.role][0]}</span>
      )}
      {isYou && !isLastOwner ? <LeaveButton {...props} /> : undefined}
      {!isYou && you.role === 'owner' ? <RemoveButton {...props} /> : undefined}
    </li>
  )
}

const RoleChoice = ({ people, collection, membership, member }: MemberRowProps) => {
  const { isBusy, run } = useChangePeople()
  const name = memberName(member, membership.you.account)
  return (
    <select
      className={css['select']}
      aria-label={`Role of ${name}`}
      value={member.role}
      disabled={isBusy}
      onChange={({ target }) => {
        const role = target.value as Role
        run(people.changeRole(collection, member.account, role), `${name}: ${roleTexts[role][0]}.`)
      }}
    >
      {Object.entries(roleTexts).map(([role, [text]]) => (
        <option key={role} value={role}>
          {text}
        </option>
      ))}
    </select>
  )
}

const LeaveButton = ({ people, collection, playlist, onLeft }: MemberRowProps) => {
  const { isBusy, run } = useChangePeople()
  return (
    <Button
      disabled={isBusy}
      onClick={() => run(people.leave(collection, playlist.id), `You left ${playlist.title}.`, onLeft)}
    >
      Leave
    </Button>
  )
}

/** Asks once more in its own place: a removal cannot be taken back, only invited anew. */
const RemoveButton = ({ people, collection, membership, member }: MemberRowProps) => {
  const [isAsked, setAsked] = useState(false)
  const { isBusy, run } = useChangePeople()
  const name = memberName(member, membership.you.account)
  if (!isAsked)
    return (
      <Button disabled={isBusy} aria-label={`Remove ${name}`} onClick={() => setAsked(true)}>
        Remove
      </Button>
    )
  return (
    <div className={css['part']}>
      <p className={css['hint']}>
        {name} gets nothing new from then on, and keeps what was there before. From then on there is a new key.
      </p>
      <div className={css['buttons']}>
        <Button look="danger" onClick={() => run(people.remove(collection, member.account), `Removed ${name}.`)}>
          Remove {name}
        </Button>
        <Button look="quiet" onClick={() => setAsked(false)}>
          Cancel
        </Button>
      </div>
    </div>
  )
}
