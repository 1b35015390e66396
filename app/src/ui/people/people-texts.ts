import type { Membership } from '../../engine/people/people-messages.ts'
import type { PeopleFailure, Role } from '../../engine/people/people.ts'

type Member = Membership['members'][number]

/** What a role is called, and what it lets a person do. */
export const roleTexts: Readonly<Record<Role, readonly [name: string, meaning: string]>> = {
  viewer: ['Listener', 'Listens, and changes nothing'],
  editor: ['Editor', 'Adds, moves and removes songs'],
  owner: ['Owner', 'Also decides who takes part'],
}

/** The name of a member for this person. Who has none is told apart by the first letters of the account id. */
export const memberName = ({ account, name }: Pick<Member, 'account' | 'name'>, you: string | undefined): string => {
  if (account === you) return name === undefined ? 'You' : `${name} (you)`
  return name ?? `Someone (${account.slice(0, 4)})`
}

/** Who added an entry, by account, in few words. Undefined for a playlist whose people are not known. */
export const authorNames = (membership: Membership | undefined): ((account: string) => string) | undefined => {
  if (membership === undefined) return undefined
  const names = new Map(membership.members.map((member) => [member.account, member.name]))
  return (account) => {
    if (account === membership.you.account) return 'you'
    return names.get(account) ?? (names.has(account) ? 'someone' : 'someone who left')
  }
}

/** Why nothing was changed, and what to do. */
export const peopleFailureText = (failure: PeopleFailure): string => {
  switch (failure.kind) {
    case 'no-relay':
      return 'The relay does not answer. This needs a connection: try again when there is one.'
    case 'no-place':
      return 'Your account may begin nothing on this server yet. Ask whoever runs it for the right to listen here, or connect once and try again.'
    case 'impossible':
      return 'That is not possible: somebody has changed who takes part meanwhile, or it would leave the playlist without an owner.'
    case 'unavailable':
      return 'This browser keeps no playlists now, so nothing was changed.'
    case 'refused':
    case 'failed':
      return 'That did not work. Try again.'
  }
}

/** Why a link lets nobody in. */
export const closedLinkText =
  'It has expired, was withdrawn, or somebody has used it: each link lets one person in. Ask for a new one.'
