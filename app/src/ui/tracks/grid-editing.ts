import type { KeyboardEvent, MouseEvent, PointerEvent } from 'react'
import type { MenuItem } from '../controls/menu.tsx'
import type { DraggedTracks } from './dragged-tracks.ts'
import type { GridPlace } from './grid-move.ts'

/** What the rows of an editable list need; the same object as long as nothing in it changes. */
export type RowEditing = {
  /** A click or touch on a row, outside its buttons and links. True: it was about the selection. */
  readonly onPress: (event: MouseEvent, row: number) => boolean
  /** Begins to drag a row; without it rows have no handle. */
  readonly grab?: ((row: number) => (event: PointerEvent) => void) | undefined
  /** Every row has a select button instead of its play button. */
  readonly isSelecting: boolean
  readonly menuItems: (row: number) => readonly MenuItem[]
  /** What is dragged to another playlist with a row; undefined: nothing of it can be played here. */
  readonly draggedWith: (row: number) => DraggedTracks | undefined
}

/** A list whose rows can be selected, moved and removed. */
export type GridEditing = {
  readonly row: RowEditing
  readonly isSelected: (row: number) => boolean
  /** Dragged rows would go before this row. */
  readonly dropRow: number | undefined
  /** True: the key was about selecting, moving or removing. `goTo` moves the focus. */
  readonly onKey: (event: KeyboardEvent, row: number, goTo: (place: GridPlace) => void) => boolean
}
