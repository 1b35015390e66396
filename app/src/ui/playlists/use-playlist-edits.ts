import { useMemo } from 'react'
import type { EntryId } from '@tonestead/crdt/ids'
import type { Changed, ItemPlace, UndoTarget, Undone } from '../../engine/playlists/playlists.ts'
import { counted } from '../state/format-time.ts'
import { useServices } from '../state/services-context.tsx'
import { useUiState } from '../state/ui-state.tsx'
import { failureText } from './change-text.ts'

/** Changes of playlists and folders. Each says in a toast what it did, or why it did not; a removal can be undone there. The functions stay the same. */
export const usePlaylistEdits = () => {
  const { playlists, log } = useServices()
  const { toasts } = useUiState()
  return useMemo(() => {
    const failed = log.child('ui').failed('a playlist was not changed')
    const sayUndone = (undone: Undone, texts: { undone: string; nothing: string }) => {
      if (undone.kind === 'undone' || undone.kind === 'nothing') toasts.show(texts[undone.kind])
      else toasts.show(failureText(undone))
    }
    const takeBack = (undo: () => Promise<Undone>) => () =>
      void undo()
        .then((undone) => sayUndone(undone, { undone: 'Taken back.', nothing: 'There is nothing to take back.' }))
        .catch(failed)
    /** `text`: what was done; undefined says nothing when it was done. */
    const say = (changed: Changed, text: string | undefined, hasUndo = true): boolean => {
      if (changed.kind === 'changed') {
        if (text !== undefined) toasts.show(text, hasUndo ? takeBack(changed.undo) : undefined)
        return true
      }
      if (changed.kind !== 'unchanged') toasts.show(failureText(changed))
      return changed.kind === 'unchanged'
    }
    return {
      say,
      takeBack,
      rename: async (id: EntryId, title: string) => say(await playlists.rename(id, title), undefined),
      describe: async (id: EntryId, text: string) => say(await playlists.describe(id, text), undefined),
      removeEntries: async (id: EntryId, entries: readonly EntryId[], what: string) =>
        say(await playlists.removeEntries(id, entries), `Removed ${what}.`),
      moveEntries: async (id: EntryId, entries: readonly EntryId[], to: { index: number; what: string }) =>
        say(await playlists.moveEntries(id, entries, to.index), `Moved ${to.what} to position ${to.index + 1}.`),
      renameFolder: async (id: EntryId, name: string) => say(await playlists.renameFolder(id, name), undefined),
      removeItem: async (id: EntryId, name: string) => say(await playlists.removeItems([id]), `Deleted ${name}.`),
      moveItem: async (id: EntryId, to: ItemPlace, text: string) => say(await playlists.moveItems([id], to), text),
      findAgain: async (id: EntryId, entries: readonly EntryId[], signal: AbortSignal) => {
        const { found, missing, change } = await playlists.findAgain(id, entries, signal)
        if (found === 0) toasts.show(`None of ${counted(missing, 'song')} was found on this server.`)
        else say(change, `Found ${counted(found, 'song')}${missing === 0 ? '' : `, ${missing} not`}.`)
      },
      undo: (target: UndoTarget) =>
        void playlists
          .undo(target)
          .then((undone) => sayUndone(undone, { undone: 'Taken back.', nothing: 'There is nothing to take back.' }))
          .catch(failed),
      redo: (target: UndoTarget) =>
        void playlists
          .redo(target)
          .then((undone) => sayUndone(undone, { undone: 'Done again.', nothing: 'There is nothing to do again.' }))
          .catch(failed),
      /** For the promise of an edit that nobody waits for. */
      failed,
    }
  }, [playlists, log, toasts])
}

export type PlaylistEdits = ReturnType<typeof usePlaylistEdits>
