import { ArrowDown, ArrowUp, CircleAlert, ListMusic, ListOrdered, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useSearchParams } from 'wouter'
import type { OpenPlaylist } from '../../engine/playlists/playlists.ts'
import { Button } from '../controls/button.tsx'
import { Icon } from '../controls/icon.tsx'
import { IconButton } from '../controls/icon-button.tsx'
import { counted } from '../state/format-time.ts'
import { TrackGrid } from '../tracks/track-grid.tsx'
import { mixedLook } from '../tracks/track-row.tsx'
import { parseSort, sortNames, type NameOf, type SortName } from './entry-rows.ts'
import { selectedIn } from './grid-commands.ts'
import { MoveToDialog } from './move-to-dialog.tsx'
import { useGridEditing } from './use-grid-editing.ts'
import { usePlayPlaylist } from './use-play-playlist.ts'
import { usePlaylistRows, type PlaylistRows } from './use-playlist-rows.ts'
import css from './playlist-tracks.module.css'

const look = { ...mixedLook, hasAdded: true }

export const useSort = (): SortName => parseSort(useSearchParams()[0].get('sort'))

/** The songs of a playlist: a grid in which they are selected, moved and removed. */
export const PlaylistTracks = ({ playlist, nameOf }: { playlist: OpenPlaylist; nameOf?: NameOf | undefined }) => {
  const sort = useSort()
  const [isSelecting, setSelecting] = useState(false)
  const rows = usePlaylistRows(playlist, sort, nameOf)
  const canMove = sort === 'own' && !playlist.isReadOnly
  const grid = useGridEditing({ playlist, rows, canMove, isSelecting })
  const { playFrom } = usePlayPlaylist(playlist.id, rows.entries)
  const { commands, state, positionAsked, askPosition } = grid
  const stopSelecting = () => {
    setSelecting(false)
    commands.clear()
  }
  return (
    <>
      <div className={css['bar']}>
        <SortChoice sort={sort} />
        <MissingSongs playlist={playlist} rows={rows} onFind={commands.findAgain} />
        {playlist.isReadOnly || isSelecting ? undefined : (
          <Button look="quiet" onClick={() => setSelecting(true)}>
            Select
          </Button>
        )}
      </div>
      {isSelecting ? <SelectionBar grid={grid} onDone={stopSelecting} /> : undefined}
      <TrackGrid
        label={`Songs of ${playlist.title}`}
        count={rows.entries.length}
        at={rows.at}
        look={look}
        onPlay={playFrom}
        onShow={rows.onShow}
        editing={grid.editing}
      />
      {positionAsked === undefined ? undefined : (
        <MoveToDialog
          moved={positionAsked.length}
          count={state.order.length}
          position={Math.max(
            0,
            state.order.findIndex((id) => id === positionAsked[0]),
          )}
          onMove={(position) => commands.moveTo(positionAsked, position)}
          onClose={() => askPosition(undefined)}
        />
      )}
    </>
  )
}

const SortChoice = ({ sort }: { sort: SortName }) => {
  const [, setParams] = useSearchParams()
  return (
    <label className={css['sort']}>
      <span>Sort by</span>
      <select
        value={sort}
        onChange={(event) =>
          setParams(event.target.value === 'own' ? {} : { sort: event.target.value }, { replace: true })
        }
      >
        {Object.entries(sortNames).map(([name, text]) => (
          <option key={name} value={name}>
            {text}
          </option>
        ))}
      </select>
    </label>
  )
}

type SelectionBarProps = { grid: ReturnType<typeof useGridEditing>; onDone: () => void }

/** For touch screens: what keys and dragging do elsewhere. */
const SelectionBar = ({ grid: { commands, state, askPosition }, onDone }: SelectionBarProps) => {
  const selected = selectedIn(state)
  const isNone = selected.length === 0
  const isFixed = isNone || !state.canMove
  const first = state.order.findIndex((id) => id === selected[0])
  return (
    <div role="toolbar" aria-label="Selected songs" className={css['toolbar']}>
      <p className={css['count']} role="status">
        {isNone ? 'Select songs' : `${counted(selected.length, 'song')} selected`}
      </p>
      <Button look="quiet" onClick={onDone}>
        Done
      </Button>
      <IconButton label="Move up" icon={ArrowUp} disabled={isFixed} onClick={() => commands.moveBy(first, -1)} />
      <IconButton label="Move down" icon={ArrowDown} disabled={isFixed} onClick={() => commands.moveBy(first, 1)} />
      <Button icon={ListOrdered} disabled={isFixed} onClick={() => askPosition(selected)}>
        Move to…
      </Button>
      <IconButton
        label="Add to playlist"
        icon={ListMusic}
        disabled={isNone}
        onClick={() => commands.addToPlaylist(selected)}
      />
      <IconButton label="Remove" icon={Trash2} disabled={isNone} onClick={() => commands.remove(selected)} />
    </div>
  )
}

type MissingSongsProps = {
  playlist: OpenPlaylist
  rows: PlaylistRows
  onFind: (ids: OpenPlaylist['entries'][number]['id'][]) => void
}

/** Most rows that are looked at here, so that a long playlist stays quick. */
const mostLookedAt = 500

/** Says that some songs cannot be played, and offers to look for them. It stands beside the order, so that rows do not move when it appears. */
const MissingSongs = ({ playlist, rows, onFind }: MissingSongsProps) => {
  const missing = rows.entries
    .slice(0, mostLookedAt)
    .flatMap(({ id, item }, row) => (item !== undefined && rows.at(row)?.note !== undefined ? [id] : []))
  if (missing.length === 0) return undefined
  return (
    <p className={css['missing']}>
      <Icon of={CircleAlert} size={16} />
      {counted(missing.length, 'song')} cannot be played here
      {playlist.isReadOnly ? undefined : (
        <Button look="quiet" onClick={() => onFind(missing)}>
          Look for them on this server
        </Button>
      )}
    </p>
  )
}
