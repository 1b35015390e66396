import { Circle, CircleCheckBig, GripVertical, Pause, Play } from 'lucide-react'
import { memo, type DragEvent, type MouseEvent } from 'react'
import { parseTrackId } from '@tonestead/crdt/ids'
import { Artwork } from '../controls/artwork.tsx'
import { Credits } from '../controls/credits.tsx'
import { creditText } from '../state/credit-text.ts'
import { Icon } from '../controls/icon.tsx'
import { SavedMark } from '../controls/saved-mark.tsx'
import { MarkedText } from '../controls/marked-text.tsx'
import { SkeletonBlock } from '../controls/skeleton.tsx'
import { AppLink } from '../controls/app-link.tsx'
import { classNames } from '../state/class-names.ts'
import { formatClock, formatDay, spokenTime } from '../state/format-time.ts'
import { tryParse } from '../state/try-parse.ts'
import { putDragged, type DraggedTracks } from './dragged-tracks.ts'
import type { RowEditing } from './grid-editing.ts'
import type { ListedTrack } from './listed-track.ts'
import { TrackMenu } from './track-menu.tsx'
import hidden from '../controls/visually-hidden.module.css'
import css from './track-grid.module.css'

/** The state of the row's track in the player. */
type TrackPlayState = 'playing' | 'paused' | undefined
export type RowLook = {
  /** art: for lists of tracks of many releases. number: for the tracks of one release. */ readonly lead:
    'art' | 'number'
  readonly hasRelease: boolean
  /** A column with the day on which each was added. */ readonly hasAdded?: boolean
  /** The credits of the release: rows with the same credits do not repeat them. */ readonly usualCredits?: string
}

/** For lists of tracks of many releases. */
export const mixedLook: RowLook = { lead: 'art', hasRelease: true }

type TrackRowProps = {
  row: number
  top: number | undefined
  track: ListedTrack | undefined
  look: RowLook
  playState: TrackPlayState
  /** This row has the tab stop of the grid. */ isStop: boolean
  isMarked: boolean
  /** To a playlist in the rail. */ isDraggable: boolean
  onPlay: (row: number) => void
  editing?: RowEditing | undefined
  isSelected?: boolean | undefined
}

export const TrackRow = memo((props: TrackRowProps) => {
  const { row, top, track, look, playState, isStop, isMarked, isDraggable, onPlay, editing, isSelected } = props
  const tab = (isFirst: boolean) => (isStop && isFirst ? 0 : -1)
  const playByPointer = (event: MouseEvent) => {
    if (
      editing?.onPress(event, row) !== true &&
      event.target instanceof Element &&
      event.target.closest('a, button') === null
    )
      onPlay(row)
  }
  const startDrag = (event: DragEvent) => {
    const own = track === undefined || track.note !== undefined ? undefined : draggedOf(track)
    const dragged = editing === undefined ? own : editing.draggedWith(row)
    // The handle moves the row by pointer events.
    const isHandle = document.elementFromPoint(event.clientX, event.clientY)?.closest('[data-handle]') != null
    if (dragged === undefined || isHandle) event.preventDefault()
    else putDragged(event.dataTransfer, dragged)
  }
  const isTouch = () => matchMedia('(pointer: coarse)').matches
  return (
    <div
      role="row"
      aria-rowindex={row + 2}
      data-row={row}
      aria-selected={isSelected}
      data-play-state={playState}
      data-unplayable={track?.note === undefined ? undefined : ''}
      data-marked={isMarked ? '' : undefined}
      className={classNames(css['row'], top !== undefined && css['placed'])}
      style={top === undefined ? undefined : { transform: `translateY(${top}px)` }}
      draggable={isDraggable}
      onDragStart={startDrag}
      onClick={(event) => (isTouch() ? playByPointer(event) : editing?.onPress(event, row))}
      onDoubleClick={(event) => !isTouch() && playByPointer(event)}
    >
      {track === undefined ? (
        <PendingCells tabIndex={tab(true)} />
      ) : (
        <TrackCells
          row={row}
          track={track}
          look={look}
          playState={playState}
          tab={tab}
          onPlay={onPlay}
          editing={editing}
          isSelected={isSelected}
        />
      )}
    </div>
  )
})
TrackRow.displayName = 'TrackRow'

const draggedOf = ({ id, title }: ListedTrack): DraggedTracks | undefined => {
  const trackId = tryParse(parseTrackId, id)
  return trackId && { what: title, ids: [trackId] }
}

const PendingCells = ({ tabIndex }: { tabIndex: number }) => (
  <div role="gridcell" className={css['pending']} tabIndex={tabIndex} data-stop="" aria-label="Loading">
    <SkeletonBlock width="40px" height="40px" />
    <span>
      <SkeletonBlock width="40%" height="13px" />
      <SkeletonBlock width="24%" height="11px" />
    </span>
  </div>
)

type TrackCellsProps = Pick<TrackRowProps, 'row' | 'look' | 'playState' | 'onPlay' | 'editing' | 'isSelected'> & {
  track: ListedTrack
  tab: (isFirst: boolean) => number
}

const TrackCells = (props: TrackCellsProps) => {
  const { row, track, look, editing } = props
  return (
    <>
      <LeadCell {...props} />
      <NameCell track={track} look={look} />
      {look.hasRelease ? <ReleaseCell track={track} /> : undefined}
      {look.hasAdded === true ? <AddedCell track={track} /> : undefined}
      <TimeCell durationMs={track.durationMs} />
      <div role="gridcell" className={css['more']} data-stops="">
        <TrackMenu track={track} tabIndex={-1} more={editing && (() => editing.menuItems(row))} />
      </div>
    </>
  )
}

const LeadCell = ({ row, track, look, playState, tab, onPlay, editing, isSelected }: TrackCellsProps) => (
  <div role="gridcell" className={css['lead']}>
    {editing?.grab === undefined ? undefined : (
      <span className={css['grip']} data-handle="" onPointerDown={editing.grab(row)} aria-hidden="true">
        <Icon of={GripVertical} size={16} />
      </span>
    )}
    {look.lead === 'art' ? (
      <Artwork cover={track.release.cover} title={track.release.title || track.title} size={40} />
    ) : (
      <span className={css['number']}>{track.position ?? row + 1}</span>
    )}
    {playState === undefined ? undefined : (
      <span className={css['meter']} aria-hidden="true">
        <i />
        <i />
        <i />
      </span>
    )}
    {editing?.isSelecting === true ? (
      <SelectButton track={track} isSelected={isSelected === true} tabIndex={tab(true)} />
    ) : (
      <PlayButton track={track} isOn={playState === 'playing'} tabIndex={tab(true)} onClick={() => onPlay(row)} />
    )}
  </div>
)

type PlayButtonProps = { track: ListedTrack; isOn: boolean; tabIndex: number; onClick: () => void }

const PlayButton = ({ track, isOn, tabIndex, onClick }: PlayButtonProps) => (
  <button
    type="button"
    className={css['play']}
    data-stop=""
    data-play=""
    tabIndex={tabIndex}
    aria-label={`${isOn ? 'Pause' : 'Play'} ${track.title}`}
    aria-disabled={track.note === undefined ? undefined : true}
    onClick={onClick}
  >
    <Icon of={isOn ? Pause : Play} size={18} />
  </button>
)

const NameCell = ({ track, look }: { track: ListedTrack; look: RowLook }) => (
  <div role="gridcell" className={css['name']}>
    <MarkedText className={css['title']} title={track.title} text={track.title} marks={track.marks?.title} />
    {creditText(track.credits) === look.usualCredits ? undefined : (
      <span className={css['artists']} data-stops="">
        {track.isMarkedSaved === true ? <SavedMark /> : undefined}
        <Credits credits={track.credits} marks={track.marks?.credit} tabIndex={-1} />
        {track.note === undefined ? undefined : (
          <span className={css['note']}>
            {track.credits.length === 0 ? '' : ' · '}
            {track.note}
          </span>
        )}
        {track.addedBy === undefined ? undefined : <span className={css['by']}> · Added by {track.addedBy}</span>}
      </span>
    )}
  </div>
)

const ReleaseCell = ({ track: { release, marks, year } }: { track: ListedTrack }) => (
  <div role="gridcell" className={css['release']} data-stops="">
    {release.id === '' ? (
      <bdi>{release.title}</bdi>
    ) : (
      <AppLink href={`/release/${release.id}`} tabIndex={-1}>
        <MarkedText text={release.title} marks={marks?.release} />
      </AppLink>
    )}
    {year === undefined ? undefined : <span className={css['year']}>{year}</span>}
  </div>
)

const AddedCell = ({ track: { addedAt, addedBy } }: { track: ListedTrack }) => (
  <div role="gridcell" className={css['added']}>
    {addedAt === undefined ? '' : formatDay(addedAt)}
    {addedBy === undefined ? undefined : <p>by {addedBy}</p>}
  </div>
)

/** In the select mode a touch anywhere on the row does the same. */
const SelectButton = ({
  track,
  isSelected,
  tabIndex,
}: {
  track: ListedTrack
  isSelected: boolean
  tabIndex: number
}) => (
  <button
    type="button"
    className={css['select']}
    data-stop=""
    data-select=""
    tabIndex={tabIndex}
    aria-label={`Select ${track.title}`}
    aria-pressed={isSelected}
  >
    <Icon of={isSelected ? CircleCheckBig : Circle} size={22} />
  </button>
)

const TimeCell = ({ durationMs }: { durationMs: number }) => (
  <div role="gridcell" className={css['time']}>
    <span aria-hidden="true">{durationMs === 0 ? '' : formatClock(durationMs)}</span>
    <span className={hidden['visuallyHidden']}>{durationMs === 0 ? 'Unknown' : spokenTime(durationMs)}</span>
  </div>
)
