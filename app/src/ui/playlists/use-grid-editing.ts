import { ArrowDown, ArrowUp, ListMusic, ListOrdered, ScanSearch, Trash2 } from 'lucide-react'
import { useCallback, useLayoutEffect, useMemo, useRef, useState, type MouseEvent } from 'react'
import type { EntryId } from '@tonestead/crdt/ids'
import type { TrackReference } from '@tonestead/crdt/tracks/track-reference'
import type { MenuItem } from '../controls/menu.tsx'
import { counted } from '../state/format-time.ts'
import { useServices } from '../state/services-context.tsx'
import { useUiState } from '../state/ui-state.tsx'
import type { GridEditing } from '../tracks/grid-editing.ts'
import { editKeyOf } from './edit-key.ts'
import { createGridCommands, runEditKey, type GridCommands, type GridState } from './grid-commands.ts'
import { noSelection, withoutGone, type Selection } from './selection.ts'
import { usePlaylistEdits } from './use-playlist-edits.ts'
import { useRowDrag } from './use-row-drag.ts'

type Shown = Omit<GridState, 'order' | 'selection'>

/** Selecting, moving and removing the entries of a playlist. */
export const useGridEditing = (shown: Shown) => {
  const { state, commands } = useGridCommands(shown)
  const [positionAsked, askPosition] = useState<readonly EntryId[]>()
  const drag = useRowDrag(commands.drop)
  const { isSelecting, canMove, order, selection } = state
  // The same object, so that a row is drawn again only when it changes itself.
  const row = useMemo(
    () => ({
      isSelecting,
      grab: canMove && !isSelecting ? drag.grab : undefined,
      onPress: (event: MouseEvent, at: number) => pressRow(commands, event, at),
      menuItems: (at: number) => menuItemsOf(commands, at, askPosition),
      draggedWith: commands.draggedWith,
    }),
    [commands, isSelecting, canMove, drag.grab],
  )
  const editing: GridEditing = {
    row,
    isSelected: (at) => selection.ids.has(order[at] ?? ''),
    dropRow: drag.dropRow,
    onKey: (event, at, goTo) => {
      const key = editKeyOf(event)
      return key !== undefined && runEditKey(commands, key, { row: at, goTo })
    },
  }
  return {
    editing,
    commands,
    state,
    /** Entries for which a person wants to name the position. */
    positionAsked,
    askPosition,
  }
}

/** The commands stay the same and read what is on the screen when they run. */
const useGridCommands = (shown: Shown): { readonly state: GridState; readonly commands: GridCommands } => {
  const [chosen, setSelection] = useState<Selection>(noSelection)
  const edits = usePlaylistEdits()
  const askPlaylist = useAskPlaylist()
  const { entries } = shown.rows
  const order = useMemo(() => entries.map(({ id }) => id), [entries])
  const selection = useMemo(() => withoutGone(chosen, order), [chosen, order])
  const state: GridState = { ...shown, order, selection }
  const latest = useRef(state)
  useLayoutEffect(() => {
    latest.current = state
  })
  const commands = useMemo(
    () => createGridCommands({ now: () => latest.current, setSelection, edits, askPlaylist }),
    [edits, setSelection, askPlaylist],
  )
  return { state, commands }
}

/** Songs that cannot be played here are left out: their tracks are not known. */
const useAskPlaylist = () => {
  const { playlists } = useServices()
  const { playlistAddition, toasts } = useUiState()
  return useCallback(
    (what: string, references: readonly TrackReference[]) =>
      playlistAddition.set({
        what,
        load: async () => {
          const tracks = await playlists.load(references, new AbortController().signal)
          const missing = references.length - tracks.length
          if (missing > 0) toasts.show(`${counted(missing, 'song')} cannot be had just now.`)
          return tracks.length === 0 ? undefined : tracks
        },
      }),
    [playlists, playlistAddition, toasts],
  )
}

/** True: the press selected something. */
const pressRow = (commands: GridCommands, event: MouseEvent, row: number): boolean => {
  const isButton = event.target instanceof Element && event.target.closest('a, button:not([data-select])') !== null
  if (event.type === 'dblclick' || isButton) return false
  if (commands.now().isSelecting) commands.select(row, 'toggle')
  else if (matchMedia('(pointer: coarse)').matches) return false
  else commands.select(row, event.shiftKey ? 'range' : event.ctrlKey || event.metaKey ? 'toggle' : 'only')
  return true
}

const menuItemsOf = (
  commands: GridCommands,
  row: number,
  askPosition: (ids: readonly EntryId[]) => void,
): readonly MenuItem[] => {
  const { rows, playlist, canMove, order } = commands.now()
  if (playlist.isReadOnly) return []
  const ids = commands.targetsOf(row)
  const moves: readonly MenuItem[] = [
    { label: 'Move up', icon: ArrowUp, onSelect: () => commands.moveBy(row, -1), startsGroup: true },
    { label: 'Move down', icon: ArrowDown, onSelect: () => commands.moveBy(row, 1) },
    { label: 'Move to position…', icon: ListOrdered, onSelect: () => askPosition(ids) },
  ]
  const finds: readonly MenuItem[] = [
    { label: 'Look for it on this server', icon: ScanSearch, onSelect: () => commands.findAgain(ids) },
  ]
  const what = ids.length === 1 ? '' : ` ${counted(ids.length, 'song')}`
  const adds: readonly MenuItem[] = [
    { label: `Add${what} to playlist`, icon: ListMusic, onSelect: () => commands.addToPlaylist(ids) },
  ]
  return [
    // One song is added with the item that every track has.
    ...(ids.length === 1 ? [] : adds),
    ...(canMove && order.length > 1 ? moves : []),
    ...(rows.at(row)?.note === undefined ? [] : finds),
    { label: `Remove${what} from playlist`, icon: Trash2, onSelect: () => commands.remove(ids) },
  ]
}
