import { Plus, Search, X } from 'lucide-react'
import { useEffect, useId, useState } from 'react'
import { parseTrackId } from '@tonestead/crdt/ids'
import type { SearchHit, SearchView } from '../../engine/search/search.ts'
import type { OpenPlaylist } from '../../engine/playlists/playlists.ts'

import { Artwork } from '../controls/artwork.tsx'
import { Icon } from '../controls/icon.tsx'
import { IconButton } from '../controls/icon-button.tsx'
import { coverOf } from '../state/cover-of.ts'
import { creditText } from '../state/credit-text.ts'
import { counted } from '../state/format-time.ts'
import { useReadable, useServices } from '../state/services-context.tsx'
import { tryParse } from '../state/try-parse.ts'
import { useUiState } from '../state/ui-state.tsx'
import { goneText, offlineText } from '../tracks/use-track-actions.ts'
import { usePlaylistEdits } from './use-playlist-edits.ts'
import css from './add-songs.module.css'

/** As many hits as are shown: more words find the rest. */
const mostHits = 12

/** A search inside of a playlist's page: its hits are added with one press. */
export const AddSongs = ({ playlist, onClose }: { playlist: OpenPlaylist; onClose?: (() => void) | undefined }) => {
  const { search } = useServices()
  const view = useReadable(search.view)
  const [text, setText] = useState('')
  const id = useId()
  const add = useAddHit(playlist)
  useEffect(() => () => search.setQuery({ text: '', filters: {} }), [search])
  const change = (next: string) => {
    setText(next)
    search.setQuery({ text: next, kind: 'track', filters: {} })
  }
  const hits = text.trim() === '' ? [] : hitsOf(view)
  return (
    <section className={css['box']} aria-labelledby={`${id}-title`}>
      <div className={css['head']}>
        <h2 id={`${id}-title`} className={css['title']}>
          Add songs
        </h2>
        {onClose === undefined ? undefined : (
          <IconButton label="Close the search for songs" icon={X} onClick={onClose} />
        )}
      </div>
      <div className={css['search']}>
        <label htmlFor={id} className={css['icon']}>
          <Icon of={Search} size={18} />
        </label>
        <input
          id={id}
          type="search"
          aria-label="Find songs to add"
          placeholder="Find songs to add"
          autoComplete="off"
          spellCheck={false}
          value={text}
          onChange={(event) => change(event.target.value)}
        />
      </div>
      <p className={css['status']} role="status">
        {statusOf(text, view, hits.length)}
      </p>
      <ul aria-label="Songs found" className={css['hits']}>
        {hits.map((hit) => (
          <li key={hit.id} className={css['hit']}>
            <Artwork cover={coverOf(hit.image)} title={hit.title} size={40} />
            <span className={css['words']}>
              <bdi className={css['name']}>{hit.title}</bdi>
              <bdi className={css['credit']}>{creditText(hit.credits)}</bdi>
            </span>
            <IconButton label={`Add ${hit.title}`} icon={Plus} onClick={() => add(hit)} />
          </li>
        ))}
      </ul>
    </section>
  )
}

const hitsOf = (view: SearchView): readonly SearchHit[] => {
  const result = view.kind === 'found' ? view.result : view.kind === 'searching' ? view.last : undefined
  return result?.groups.track.hits.slice(0, mostHits) ?? []
}

const statusOf = (text: string, view: SearchView, count: number): string => {
  if (text.trim() === '') return ''
  if (view.kind === 'failed') return view.failure.kind === 'offline' ? 'You are offline.' : view.failure.title
  if (view.kind === 'searching' && count === 0) return 'Searching …'
  return count === 0 ? `No song is called “${text.trim()}”.` : ''
}

const useAddHit = (playlist: OpenPlaylist): ((hit: SearchHit) => void) => {
  const { playlists, library } = useServices()
  const { toasts } = useUiState()
  const { say, failed } = usePlaylistEdits()
  const add = async (hit: SearchHit): Promise<void> => {
    const id = tryParse(parseTrackId, hit.id)
    const answer = id === undefined ? undefined : await library.tracksById([id], new AbortController().signal)
    const track = answer?.kind === 'ready' ? answer.value[0] : undefined
    if (track === undefined)
      return void toasts.show(answer?.kind === 'offline' ? offlineText(hit.title) : goneText(hit.title))
    const count = counted(playlist.entries.length + 1, 'song')
    say(await playlists.addTracks(playlist.id, [track]), `Added ${track.title} to ${playlist.title}, ${count}.`)
  }
  return (hit) => void add(hit).catch(failed)
}
