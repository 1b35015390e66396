import { ListMusic } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useLocation } from 'wouter'
import { readInvitation, type Invitation } from '../../engine/people/invitation-text.ts'
import type { Membership } from '../../engine/people/people-messages.ts'
import type { People, PeopleResult } from '../../engine/people/people.ts'
import type { PlaylistState } from '../../engine/playlists/playlists.ts'
import { AppLink } from '../controls/app-link.tsx'
import { Button } from '../controls/button.tsx'
import { EmptyState } from '../controls/empty-state.tsx'
import { Icon } from '../controls/icon.tsx'
import { Notice } from '../controls/notice.tsx'
import { RowSkeletons } from '../controls/skeleton.tsx'
import { OwnName } from '../people/own-name.tsx'
import { closedLinkText, memberName, peopleFailureText, roleTexts } from '../people/people-texts.ts'
import { usePeople } from '../people/use-people.ts'
import { factsOfPlaylist } from '../playlists/playlist-facts.ts'
import { useReadable, useServices } from '../state/services-context.tsx'
import { usePageTitle } from '../state/use-document-title.ts'
import page from '../layout/page.module.css'
import css from '../people/people.module.css'

/** What an invitation link opens. The invitation is the fragment of the address, which may change while the page is open. */
export const JoinPage = () => {
  usePageTitle('Invitation')
  const [fragment, setFragment] = useState(() => location.hash)
  useEffect(() => {
    const read = () => setFragment(location.hash)
    addEventListener('hashchange', read)
    return () => removeEventListener('hashchange', read)
  }, [])
  const people = usePeople()
  const invitation = readInvitation(fragment)
  if (invitation === undefined)
    return <Closed title="This is no invitation">The link is not complete. Open it as it was sent to you.</Closed>
  return people === undefined ? <Reading /> : <LookedAt key={fragment} people={people} invitation={invitation} />
}

const Closed = ({ title, children }: { title: string; children: string }) => (
  <EmptyState
    isPage
    picture={<Icon of={ListMusic} size={40} />}
    title={title}
    actions={
      <AppLink className={page['all']} href="/library/playlists">
        Go to your playlists
      </AppLink>
    }
  >
    {children}
  </EmptyState>
)

const Reading = () => (
  <div className={page['page']} aria-busy="true">
    <h1 className={page['title']}>Reading the invitation…</h1>
    <RowSkeletons />
  </div>
)

type Parts = { people: People; invitation: Invitation }

const LookedAt = ({ people, invitation }: Parts) => {
  const { log } = useServices()
  const [result, setResult] = useState<PeopleResult>()
  const [attempt, setAttempt] = useState(0)
  useEffect(() => {
    let isGone = false
    people.look(invitation).then(
      (next) => isGone || setResult(next),
      (cause: unknown) => {
        log.child('ui').failed('an invitation was not read')(cause)
        if (!isGone) setResult({ kind: 'failed' })
      },
    )
    return () => {
      isGone = true
    }
    // The key of this component is the fragment: the invitation stays the same.
  }, [people, attempt])
  if (result === undefined) return <Reading />
  if (result.kind === 'done') return <OpenInvitation people={people} invitation={invitation} />
  if (result.kind === 'impossible') return <Closed title="This link lets nobody in">{closedLinkText}</Closed>
  return (
    <div className={page['page']}>
      <Notice
        tone="bad"
        title="The invitation cannot be read"
        actions={<Button onClick={() => setAttempt(attempt + 1)}>Try again</Button>}
      >
        {peopleFailureText(result)}
      </Notice>
    </div>
  )
}

const OpenInvitation = ({ people, invitation }: Parts) => {
  const [preview] = useState(() => people.preview(invitation))
  const playlist = useReadable(preview)
  const membership = useReadable(people.membership(invitation.collection))
  if (playlist.kind === 'loading' || membership === undefined) return <Reading />
  return (
    <div className={page['page']}>
      <div className={css['column']}>
        <h1 className={page['title']}>
          <bdi>{playlist.kind === 'open' ? playlist.title : 'A shared playlist'}</bdi>
        </h1>
        <p>{factsText(playlist, membership)}</p>
        {membership.you.role === undefined ? (
          <>
            <ul className={css['list']}>
              <li>It goes into your library, and shows at once what others change.</li>
              <li>The others see that you take part, and by which name.</li>
              <li>Songs that this server does not let you hear are shown with the reason.</li>
            </ul>
            <OwnName />
          </>
        ) : (
          <p>You take part already, as {roleTexts[membership.you.role][0].toLowerCase()}.</p>
        )}
        <JoinButton people={people} invitation={invitation} isMember={membership.you.role !== undefined} />
      </div>
    </div>
  )
}

const factsText = (playlist: PlaylistState, { members, you }: Membership): string => {
  const names = members.map((member) => memberName(member, you.account)).join(', ')
  return `${playlist.kind === 'open' ? `${factsOfPlaylist(playlist)} · ` : ''}Shared by ${names}`
}

const JoinButton = ({ people, invitation, isMember }: Parts & { isMember: boolean }) => {
  const { log } = useServices()
  const [, navigate] = useLocation()
  const [isWaiting, setWaiting] = useState(false)
  const [failure, setFailure] = useState<string>()
  const join = async () => {
    setWaiting(true)
    const result = await people.join(invitation).finally(() => setWaiting(false))
    if (result.kind === 'done') return void navigate(`/playlist/${invitation.playlist}`, { replace: true })
    setFailure(result.kind === 'impossible' ? closedLinkText : peopleFailureText(result))
  }
  return (
    <>
      {failure === undefined ? undefined : (
        <Notice tone="bad" title="You did not join">
          {failure}
        </Notice>
      )}
      <div>
        <Button
          look="primary"
          disabled={isWaiting}
          onClick={() => void join().catch(log.child('ui').failed('an invitation was not redeemed'))}
        >
          {isMember ? 'Open the playlist' : 'Join'}
        </Button>
      </div>
    </>
  )
}
