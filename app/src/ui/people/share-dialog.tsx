import { useState } from 'react'
import type { OpenPlaylist } from '../../engine/playlists/playlists.ts'
import { Button } from '../controls/button.tsx'
import { Dialog } from '../controls/dialog.tsx'
import { Notice } from '../controls/notice.tsx'
import { useServices } from '../state/services-context.tsx'
import { InviteForm } from './invite-form.tsx'
import { MemberList } from './member-list.tsx'
import { OpenInvitations } from './open-invitations.tsx'
import { OwnName } from './own-name.tsx'
import { peopleFailureText } from './people-texts.ts'
import { useSharedWith, type SharedWith } from './use-people.ts'
import css from './people.module.css'

type ShareDialogProps = { playlist: OpenPlaylist; onClose: () => void; onLeft: () => void }

/** Who takes part in a playlist, and how others get in. */
export const ShareDialog = ({ playlist, onClose, onLeft }: ShareDialogProps) => {
  const shared = useSharedWith(playlist.id)
  return (
    <Dialog label="Share playlist" shape="center" onClose={onClose}>
      <div className={css['dialog']}>
        <h2 className={css['title']}>
          Share <bdi>{playlist.title}</bdi>
        </h2>
        {shared.collection === undefined ? (
          <BeginSharing playlist={playlist} people={shared.people} />
        ) : (
          <SharedParts playlist={playlist} shared={shared} onLeft={onLeft} />
        )}
        <div className={css['actions']}>
          <Button onClick={onClose}>Close</Button>
        </div>
      </div>
    </Dialog>
  )
}

type BeginSharingProps = { playlist: OpenPlaylist; people: SharedWith['people'] }

const BeginSharing = ({ playlist, people }: BeginSharingProps) => {
  const { log } = useServices()
  const [isWaiting, setWaiting] = useState(false)
  const [failure, setFailure] = useState<string>()
  const share = async () => {
    if (people === undefined) return
    setWaiting(true)
    const result = await people.share(playlist.id).finally(() => setWaiting(false))
    setFailure(result.kind === 'shared' ? undefined : peopleFailureText(result))
  }
  return (
    <div className={css['part']}>
      <p>So that others can listen to it or change it with you, everywhere at once:</p>
      <ul className={css['list']}>
        <li>You invite each person with a link of their own, and decide who listens and who also changes it.</li>
        <li>Who joins reads back to the beginning: also what was removed before they came.</li>
        <li>Only those who take part can read it. The relay passes it on and cannot.</li>
      </ul>
      <OwnName />
      {failure === undefined ? undefined : (
        <Notice tone="bad" title="The playlist is not shared">
          {failure}
        </Notice>
      )}
      <div>
        <Button
          look="primary"
          disabled={isWaiting || people === undefined}
          onClick={() => void share().catch(log.child('ui').failed('a playlist was not shared'))}
        >
          Share this playlist
        </Button>
      </div>
    </div>
  )
}

type SharedPartsProps = { playlist: OpenPlaylist; shared: SharedWith; onLeft: () => void }

const SharedParts = ({ playlist, shared, onLeft }: SharedPartsProps) => {
  const { people, collection, membership } = shared
  if (people === undefined || collection === undefined || membership === undefined)
    return (
      <p className={css['hint']} role="status">
        Waiting for the list of people…
      </p>
    )
  const parts = { people, collection, membership, playlist }
  const isOwner = membership.you.role === 'owner'
  return (
    <>
      <MemberList {...parts} onLeft={onLeft} />
      {isOwner ? <InviteForm {...parts} /> : undefined}
      {isOwner && membership.invitations.length > 0 ? <OpenInvitations {...parts} /> : undefined}
      <OwnName />
    </>
  )
}
