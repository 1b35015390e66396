import type { SavedChanges, SavedDeps } from './change-saved.ts'
import type { SavedMusic } from './saved-music.ts'
import { createSavedView } from './saved-view.ts'

/** `loadChanges` loads code that the first paint does not need. */
export const createSavedMusic = (
  deps: SavedDeps & { readonly loadChanges: () => Promise<SavedChanges> },
): SavedMusic => {
  let isStarted = false
  const view = createSavedView(deps.documents, () => isStarted)
  const start = (): void => {
    if (isStarted) return
    isStarted = true
    view.update()
  }
  const changes = (): Promise<SavedChanges> => {
    start()
    return deps.loadChanges()
  }
  return {
    view,
    serverId: deps.serverId,
    start,
    save: async (thing, signal) => (await changes()).save(deps, thing, signal),
    unsave: async (thing, signal) => (await changes()).unsave(deps, thing, signal),
  }
}
