import { useId, useMemo, useState, type SubmitEvent } from 'react'
import type { EntryId } from '@tonestead/crdt/ids'
import type { PlaylistCover as ChosenCover } from '@tonestead/crdt/playlists/packed-playlist'
import type { OpenPlaylist } from '../../engine/playlists/playlists.ts'
import { Artwork } from '../controls/artwork.tsx'
import { Button } from '../controls/button.tsx'
import { Dialog } from '../controls/dialog.tsx'
import { useReadable, useServices } from '../state/services-context.tsx'
import { PlaylistCover } from './playlist-cover.tsx'
import { usePlaylistEdits } from './use-playlist-edits.ts'
import css from './playlist-dialog.module.css'

type DetailsDialogProps = { playlist: OpenPlaylist; onClose: () => void }

/** Title, description and cover of a playlist. Each that changed is one change, so that each can be taken back. */
export const PlaylistDetailsDialog = ({ playlist, onClose }: DetailsDialogProps) => {
  const { playlists } = useServices()
  const { say, failed } = usePlaylistEdits()
  const [title, setTitle] = useState(playlist.title)
  const [description, setDescription] = useState(playlist.description)
  const [cover, setCover] = useState(playlist.cover)
  const id = useId()
  const save = async (): Promise<void> => {
    if (title.trim() !== playlist.title) say(await playlists.rename(playlist.id, title), undefined)
    if (description.trim() !== playlist.description) say(await playlists.describe(playlist.id, description), undefined)
    if (JSON.stringify(cover) !== JSON.stringify(playlist.cover))
      say(await playlists.setCover(playlist.id, cover), undefined)
  }
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    onClose()
    void save().catch(failed)
  }
  return (
    <Dialog label="Edit details" shape="center" onClose={onClose}>
      <form className={css['form']} onSubmit={submit}>
        <h2 className={css['title']}>Edit details</h2>
        <label htmlFor={`${id}-title`} className={css['label']}>
          Title
        </label>
        <input
          id={`${id}-title`}
          className={css['field']}
          value={title}
          maxLength={300}
          autoFocus
          onChange={(event) => setTitle(event.target.value)}
        />
        <label htmlFor={`${id}-description`} className={css['label']}>
          Description
        </label>
        <textarea
          id={`${id}-description`}
          className={css['field']}
          rows={3}
          value={description}
          maxLength={4_000}
          onChange={(event) => setDescription(event.target.value)}
        />
        <CoverChoice playlist={playlist} chosen={cover} onChoose={setCover} />
        <div className={css['actions']}>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary">
            Save
          </Button>
        </div>
      </form>
    </Dialog>
  )
}

type CoverChoiceProps = {
  playlist: OpenPlaylist
  chosen: ChosenCover | undefined
  onChoose: (cover: ChosenCover | undefined) => void
}

/** As many covers as are offered. */
const mostCovers = 24

const CoverChoice = ({ playlist, chosen, onChoose }: CoverChoiceProps) => {
  const { playlists } = useServices()
  const known = useReadable(playlists.known)
  const offered = useMemo(() => {
    const byCover = new Map<string, { entry: EntryId; title: string; cover: { id: string; color: string } }>()
    for (const { id, item } of playlist.entries) {
      const release = item && known.trackOf(item.track)?.release
      if (release?.cover !== undefined && !byCover.has(release.cover.id))
        byCover.set(release.cover.id, { entry: id, title: release.title, cover: release.cover })
      if (byCover.size === mostCovers) break
    }
    return [...byCover.values()]
  }, [playlist.entries, known])
  const isMosaic = chosen === undefined
  return (
    <fieldset className={css['fieldset']}>
      <legend className={css['label']}>Cover</legend>
      <div className={css['covers']}>
        <button
          type="button"
          className={css['cover']}
          aria-pressed={isMosaic}
          aria-label="Made of the songs"
          onClick={() => onChoose(undefined)}
        >
          <PlaylistCover playlist={{ ...playlist, cover: undefined }} size="72px" />
        </button>
        {offered.map(({ entry, title, cover }) => (
          <button
            key={cover.id}
            type="button"
            className={css['cover']}
            aria-pressed={chosen?.kind === 'entry' && chosen.entry === entry}
            aria-label={`Cover of ${title}`}
            onClick={() => onChoose({ kind: 'entry', entry })}
          >
            <Artwork cover={cover} title={title} size="72px" />
          </button>
        ))}
      </div>
    </fieldset>
  )
}
