import type { ArtistId, ReleaseId, TrackId } from '@tonestead/crdt/ids'
import type { LibrarySection } from '@tonestead/crdt/library/library-document'
import { savedKey } from '@tonestead/crdt/library/saved-key'
import type { Savable, SavedChange } from '../../engine/saved/saved-music.ts'
import { isSaved } from '../../engine/saved/is-saved.ts'
import { useReadable, useServices } from '../state/services-context.tsx'
import { useUiState } from '../state/ui-state.tsx'
import { notSavedText } from './not-saved-text.ts'

/** Saving and removing, each with a message that has an undo. */
export const useSaving = () => {
  const { saved, log } = useServices()
  const { toasts } = useUiState()
  const view = useReadable(saved.view)
  const serverId = useReadable(saved.serverId)

  const tell = (change: SavedChange, text: string): void => {
    if (change.kind === 'not-changed') toasts.show(notSavedText(change.reason))
    else toasts.show(text, change.kind === 'changed' ? () => void takeBack(change.undo) : undefined)
  }
  const takeBack = (undo: () => Promise<SavedChange>): Promise<void> =>
    undo()
      .then((change) => {
        if (change.kind === 'not-changed') toasts.show(notSavedText(change.reason))
      })
      .catch(log.child('ui').failed('a saved thing was not undone'))
  const run = (change: Promise<SavedChange>, text: string): void =>
    void change.then((done) => tell(done, text)).catch(log.child('ui').failed('a thing was not saved or removed'))

  return {
    /** Whether this browser keeps saved music. */
    isAvailable: view.kind !== 'unavailable',
    /** The key of a thing of the server whose catalog is shown; undefined while it is not known. */
    keyOf: (id: string): string | undefined =>
      serverId === undefined ? undefined : savedKey(serverId, id as TrackId | ReleaseId | ArtistId),
    isSaved: (section: LibrarySection, key: string | undefined): boolean =>
      key !== undefined && isSaved(view, section, key),
    save: (thing: Savable, name: string): void =>
      run(saved.save(thing, new AbortController().signal), `Saved ${name}.`),
    remove: (section: LibrarySection, key: string, name: string): void =>
      run(saved.unsave({ section, key }, new AbortController().signal), `Removed ${name} from your saved music.`),
  }
}

/** The id of a thing that can be saved, and what people call it. */
export const nameOfSavable = (thing: Savable): { readonly id: string; readonly name: string } => {
  if (thing.section === 'tracks') return { id: thing.track.id, name: thing.track.title }
  if (thing.section === 'releases') return { id: thing.release.id, name: thing.release.title }
  return thing.artist
}

type SavedToggle = {
  readonly isAvailable: boolean
  readonly isOn: (thing: Savable) => boolean
  readonly toggle: (thing: Savable) => void
}

/** Whether a thing of the catalog is saved, and a function that saves it or removes it. */
export const useSavedToggle = (): SavedToggle => {
  const saving = useSaving()
  const keyOf = (thing: Savable) => saving.keyOf(nameOfSavable(thing).id)
  const isOn = (thing: Savable) => saving.isSaved(thing.section, keyOf(thing))
  return {
    isAvailable: saving.isAvailable,
    isOn,
    toggle: (thing) => {
      const key = keyOf(thing)
      const { name } = nameOfSavable(thing)
      if (key !== undefined && isOn(thing)) saving.remove(thing.section, key, name)
      else saving.save(thing, name)
    },
  }
}
