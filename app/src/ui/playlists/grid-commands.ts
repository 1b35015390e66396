import type { EntryId } from '@tonestead/crdt/ids'
import type { TrackReference } from '@tonestead/crdt/tracks/track-reference'
import type { OpenPlaylist } from '../../engine/playlists/playlists.ts'
import { counted } from '../state/format-time.ts'
import type { DraggedTracks } from '../tracks/dragged-tracks.ts'
import type { GridPlace } from '../tracks/grid-move.ts'
import type { EditKey } from './edit-key.ts'
import { indexOfDrop, noSelection, selectEntry, type SelectHow, type Selection } from './selection.ts'
import type { PlaylistEdits } from './use-playlist-edits.ts'
import type { PlaylistRows } from './use-playlist-rows.ts'

/** What is on the screen now. */
export type GridState = {
  readonly playlist: OpenPlaylist
  readonly rows: PlaylistRows
  /** The entries can be moved: the playlist is shown in its own order, and may be changed. */
  readonly canMove: boolean
  readonly isSelecting: boolean
  /** Ids of the entries in the shown order. */
  readonly order: readonly EntryId[]
  readonly selection: Selection
}

type Deps = {
  readonly now: () => GridState
  readonly setSelection: (change: (before: Selection) => Selection) => void
  readonly edits: PlaylistEdits
  /** Asks for the playlist that tracks are added to. */
  readonly askPlaylist: (what: string, references: readonly TrackReference[]) => void
}
type GoTo = (place: GridPlace) => void
export type GridCommands = ReturnType<typeof createGridCommands>

/** Commands about the rows of a playlist, by number. Those about a selected row are about all selected ones. */
export const createGridCommands = (deps: Deps) => {
  const { now, setSelection, edits } = deps
  const targetsOf = (row: number): readonly EntryId[] => targetsIn(now(), row)
  const moveBy = (row: number, step: number, goTo?: GoTo): void => {
    const { order, canMove } = now()
    const ids = targetsOf(row)
    const first = order.findIndex((id) => id === ids[0])
    const index = first + step
    if (!canMove || index < 0 || index > order.length - ids.length) return
    const offset = ids.findIndex((id) => id === order[row])
    void move(deps, ids, index)
      .then(() => goTo?.({ row: index + offset, stop: 0 }))
      .catch(edits.failed)
  }
  const moveTo = (ids: readonly EntryId[], index: number): void => void move(deps, ids, index).catch(edits.failed)
  return {
    now,
    targetsOf,
    moveBy,
    moveTo,
    select: (row: number, how: SelectHow) => {
      const { order } = now()
      const id = order[row]
      if (id !== undefined) setSelection((before) => selectEntry(before, order, { id, how }))
    },
    selectAll: () => setSelection(() => ({ ids: new Set(now().order), anchor: now().order[0] })),
    clear: () => setSelection(() => noSelection),
    remove: (ids: readonly EntryId[], then?: (count: number) => void) =>
      void remove(deps, ids, then).catch(edits.failed),
    addToPlaylist: (ids: readonly EntryId[]) => {
      const wanted = new Set(ids)
      const chosen = now().rows.entries.filter(({ id }) => wanted.has(id))
      deps.askPlaylist(
        titleOf(now(), ids),
        chosen.flatMap(({ item }) => item?.track ?? []),
      )
    },
    findAgain: (ids: readonly EntryId[]) =>
      void edits.findAgain(now().playlist.id, ids, new AbortController().signal).catch(edits.failed),
    draggedWith: (row: number): DraggedTracks | undefined => {
      const ids = targetsOf(row)
      const wanted = new Set(ids)
      const { rows } = now()
      const playable = rows.entries.flatMap(({ id, item }, at) =>
        item === undefined || !wanted.has(id) || rows.at(at)?.note !== undefined ? [] : [item.track.trackId],
      )
      return playable.length === 0 ? undefined : { what: titleOf(now(), ids), ids: playable }
    },
    /** The dragged row goes before another one, or to the end. */
    drop: (row: number, dropRow: number) => {
      const ids = targetsOf(row)
      moveTo(ids, indexOfDrop(now().order, new Set(ids), dropRow))
    },
  }
}

const targetsIn = ({ order, selection }: GridState, row: number): readonly EntryId[] => {
  const id = order[row]
  if (id === undefined) return []
  return selection.ids.has(id) ? order.filter((each) => selection.ids.has(each)) : [id]
}

/** The selected entries in the shown order. */
export const selectedIn = ({ order, selection }: GridState): readonly EntryId[] =>
  order.filter((id) => selection.ids.has(id))

const titleOf = ({ order, rows }: GridState, ids: readonly EntryId[]): string =>
  ids.length === 1 ? (rows.at(order.findIndex((id) => id === ids[0]))?.title ?? 'a song') : counted(ids.length, 'song')

const move = async ({ now, edits }: Deps, ids: readonly EntryId[], to: number): Promise<void> => {
  const state = now()
  const index = Math.max(0, Math.min(state.order.length - ids.length, to))
  await edits.moveEntries(state.playlist.id, ids, { index, what: titleOf(state, ids) })
}

/** `then` gets the number of entries that are left. */
const remove = async ({ now, edits }: Deps, ids: readonly EntryId[], then?: (count: number) => void): Promise<void> => {
  const state = now()
  if (ids.length === 0 || state.playlist.isReadOnly) return
  await edits.removeEntries(state.playlist.id, ids, `${titleOf(state, ids)} from ${state.playlist.title}`)
  then?.(state.order.length - ids.length)
}

/** Does what a key says about the row with the focus. False: the key is left to the page. */
export const runEditKey = (
  commands: GridCommands,
  key: EditKey,
  { row, goTo }: { row: number; goTo: GoTo },
): boolean => {
  const { order, selection } = commands.now()
  const extend = (to: number) => {
    const next = Math.max(0, Math.min(order.length - 1, to))
    if (selection.ids.size === 0) commands.select(row, 'only')
    commands.select(next, 'range')
    goTo({ row: next, stop: 0 })
  }
  const run: Readonly<Record<EditKey, () => void>> = {
    'extend-up': () => extend(row - 1),
    'extend-down': () => extend(row + 1),
    'move-up': () => commands.moveBy(row, -1, goTo),
    'move-down': () => commands.moveBy(row, 1, goTo),
    toggle: () => commands.select(row, 'toggle'),
    all: commands.selectAll,
    clear: commands.clear,
    remove: () =>
      commands.remove(commands.targetsOf(row), (count) =>
        goTo({ row: Math.max(0, Math.min(row, count - 1)), stop: 0 }),
      ),
  }
  if (key === 'clear' && selection.ids.size === 0) return false
  run[key]()
  return true
}
