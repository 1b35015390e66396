import { Plus } from 'lucide-react'
import { useId, useState } from 'react'
import { useLocation } from 'wouter'
import type { EntryId } from '@tonestead/crdt/ids'
import { flatNodes } from '../../engine/playlists/playlist-tree.ts'
import type { OpenPlaylist } from '../../engine/playlists/playlists.ts'
import { Button } from '../controls/button.tsx'
import { Dialog } from '../controls/dialog.tsx'
import { EmptyState } from '../controls/empty-state.tsx'
import { Icon } from '../controls/icon.tsx'
import { counted } from '../state/format-time.ts'
import { useReadable, useServices } from '../state/services-context.tsx'
import { useUiState, type PlaylistAddition } from '../state/ui-state.tsx'
import { failureText, unavailableText } from './change-text.ts'
import { PlaylistCover } from './playlist-cover.tsx'
import { factsOfPlaylist } from './playlist-facts.ts'
import { useAddToPlaylist } from './use-add-to-playlist.ts'
import { usePlaylistEdits } from './use-playlist-edits.ts'
import css from './playlist-dialog.module.css'

/** Asks to which playlist tracks are added. Anything on the page opens it with `playlistAddition`. */
export const AddToPlaylistDialog = () => {
  const { playlistAddition } = useUiState()
  const addition = useReadable(playlistAddition)
  if (addition === undefined) return undefined
  return <AddDialog addition={addition} onClose={() => playlistAddition.set(undefined)} />
}

type AddDialogProps = { addition: PlaylistAddition; onClose: () => void }

const AddDialog = ({ addition, onClose }: AddDialogProps) => {
  const { playlists } = useServices()
  const tree = useReadable(playlists.tree)
  const [text, setText] = useState('')
  const { addTo, createWith } = useAdding(addition, onClose)
  const id = useId()
  const ids =
    tree.kind === 'open' ? flatNodes(tree.nodes).flatMap(({ node }) => (node.kind === 'playlist' ? [node.id] : [])) : []
  return (
    <Dialog label="Add to playlist" shape="center" onClose={onClose}>
      <div className={css['form']}>
        <h2 className={css['title']}>
          Add <bdi>{addition.what}</bdi> to a playlist
        </h2>
        {tree.kind === 'unavailable' ? (
          <EmptyState title="Playlists are not available">{unavailableText(tree.reason)}</EmptyState>
        ) : (
          <>
            <label htmlFor={id} className={css['label']}>
              Find a playlist, or name a new one
            </label>
            <input
              id={id}
              className={css['field']}
              value={text}
              maxLength={300}
              autoFocus
              autoComplete="off"
              onChange={(event) => setText(event.target.value)}
            />
            <ul className={css['list']} aria-label="Playlists">
              <li>
                <button type="button" className={css['choice']} onClick={() => createWith(text)}>
                  <span className={css['plus']}>
                    <Icon of={Plus} />
                  </span>
                  <span className={css['words']}>
                    <span>New playlist</span>
                    <span className={css['hint']}>
                      {text.trim() === '' ? `With ${addition.what}` : `“${text.trim()}”`}
                    </span>
                  </span>
                </button>
              </li>
              {ids.map((playlist) => (
                <PlaylistChoice key={playlist} id={playlist} text={text} onChoose={addTo} />
              ))}
            </ul>
          </>
        )}
        <div className={css['actions']}>
          <Button onClick={onClose}>Cancel</Button>
        </div>
      </div>
    </Dialog>
  )
}

type PlaylistChoiceProps = { id: EntryId; text: string; onChoose: (playlist: OpenPlaylist) => void }

/** A playlist of the list, unless its title has not the typed text. */
const PlaylistChoice = ({ id, text, onChoose }: PlaylistChoiceProps) => {
  const { playlists } = useServices()
  const playlist = useReadable(playlists.playlist(id))
  if (playlist.kind !== 'open' || !hasText(playlist.title, text)) return undefined
  return (
    <li>
      <button
        type="button"
        className={css['choice']}
        aria-disabled={playlist.isReadOnly ? true : undefined}
        onClick={() => onChoose(playlist)}
      >
        <PlaylistCover playlist={playlist} size={40} />
        <span className={css['words']}>
          <bdi>{playlist.title}</bdi>
          <span className={css['hint']}>
            {playlist.isReadOnly ? 'Cannot be changed here' : factsOfPlaylist(playlist)}
          </span>
        </span>
      </button>
    </li>
  )
}

const hasText = (title: string, text: string): boolean => title.toLowerCase().includes(text.trim().toLowerCase())

const useAdding = (addition: PlaylistAddition, onClose: () => void) => {
  const { playlists } = useServices()
  const { toasts } = useUiState()
  const { takeBack, failed } = usePlaylistEdits()
  const [, navigate] = useLocation()
  const add = useAddToPlaylist()
  const create = async (title: string): Promise<void> => {
    const tracks = await addition.load()
    if (tracks === undefined) return
    const made = await playlists.create({ title, tracks })
    if (made.kind !== 'created') return void toasts.show(failureText(made))
    toasts.show(`Created ${title} with ${counted(tracks.length, 'song')}.`, takeBack(made.undo))
    navigate(`/playlist/${made.id}`)
  }
  return {
    addTo: (playlist: OpenPlaylist) => {
      if (playlist.isReadOnly) return
      onClose()
      add(playlist, addition)
    },
    createWith: (text: string) => {
      onClose()
      void create(text.trim() || 'New playlist').catch(failed)
    },
  }
}
