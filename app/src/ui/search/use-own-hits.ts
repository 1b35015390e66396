import { useCallback } from 'react'
import type { TrackId } from '@tonestead/crdt/ids'
import type { LibrarySection } from '@tonestead/crdt/library/library-document'
import { savedKey } from '@tonestead/crdt/library/saved-key'
import type { DocumentKind, SearchHit } from '../../engine/search/search.ts'
import { isOfOtherServer } from '../../engine/search/own/own-hit.ts'
import { isSaved } from '../../engine/saved/is-saved.ts'
import { otherServerText } from '../saved/absence-text.ts'
import { useReadable, useServices } from '../state/services-context.tsx'

export type OwnHit = {
  readonly isSaved: boolean
  /** The key under which it is saved, where its id does not say it. */
  readonly savedKey: string | undefined
  /** Why it cannot be opened or played here. */
  readonly unavailable: string | undefined
}

const sections: Readonly<Record<DocumentKind, LibrarySection | undefined>> = {
  track: 'tracks',
  release: 'releases',
  artist: 'artists',
  playlist: undefined,
}

/** What the account knows of a hit. The same function until something was saved or removed. */
export const useOwnHits = (): ((hit: SearchHit) => OwnHit) => {
  const { saved } = useServices()
  const view = useReadable(saved.view)
  const serverId = useReadable(saved.serverId)
  return useCallback(
    (hit: SearchHit) => {
      const section = sections[hit.kind]
      if (isOfOtherServer(hit)) return { isSaved: true, savedKey: hit.id, unavailable: otherServerText }
      const key = serverId === undefined ? undefined : savedKey(serverId, hit.id as TrackId)
      return {
        isSaved: section !== undefined && key !== undefined && isSaved(view, section, key),
        savedKey: undefined,
        unavailable: undefined,
      }
    },
    [view, serverId],
  )
}
