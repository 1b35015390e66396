import { useEffect } from 'react'
import type { UndoTarget } from '../../engine/playlists/playlists.ts'
import { usePlaylistEdits } from './use-playlist-edits.ts'

/** Mod+Z and Mod+Shift+Z (or Ctrl+Y) take back and do again what was changed in a document, except in a text field. */
export const useUndoKeys = (target: UndoTarget | undefined): void => {
  const { undo, redo } = usePlaylistEdits()
  useEffect(() => {
    if (target === undefined) return undefined
    const listen = (event: KeyboardEvent) => {
      if (event.defaultPrevented || !(event.ctrlKey || event.metaKey) || event.altKey || isText(event.target)) return
      const key = event.key.toLowerCase()
      if (key !== 'z' && key !== 'y') return
      event.preventDefault()
      if (key === 'y' || event.shiftKey) redo(target)
      else undo(target)
    }
    document.addEventListener('keydown', listen)
    return () => document.removeEventListener('keydown', listen)
  }, [target, undo, redo])
}

const isText = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && target.closest('input:not([type=radio], [type=checkbox]), textarea, select') !== null
