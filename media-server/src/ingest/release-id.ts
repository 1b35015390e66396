import type { ReleaseId } from '@tonestead/crdt/ids'
import type { TrackDescription } from '../ports/source-facts.ts'
import type { CatalogIds } from './catalog-ids.ts'

/** The release that a file belongs to by its own description. */
export const releaseIdOf = (ids: CatalogIds, { release }: TrackDescription): ReleaseId =>
  ids.release({
    artist: release.hasOwnCredits ? release.credits.map((credit) => credit.name).join('; ') : '',
    title: release.title,
    musicBrainzId: release.musicBrainzId,
    folder: release.folder,
  })
