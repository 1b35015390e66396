import type { ReleaseId } from '@tonestead/crdt/ids'
import type { Cover, Release } from '@tonestead/protocol/catalog'
import { decodeManifestHead, durationMsOf } from '@tonestead/protocol/manifest'
import type { Heads } from '../encoding/seal-recording.ts'
import type { Publication, PublishedRecording } from '../ports/catalog-store.ts'
import type { NamedCredit } from './artist-credits.ts'
import type { CatalogIds } from './catalog-ids.ts'
import { nameKey } from './clean-text.ts'
import { variousArtists, type TrackDescription } from './track-description.ts'

export type MadeRecording = Pick<PublishedRecording, 'id' | 'keyVersion' | 'waveform' | 'loudness'> & {
  readonly heads: Heads
}

export type PublicationParts = {
  readonly ids: CatalogIds
  readonly description: TrackDescription
  readonly recording: MadeRecording
  readonly cover: Cover | undefined
  readonly isPublic: boolean
  /** The release as it is published now; undefined when it is new. */
  readonly existing: Release | undefined
}

export const releaseIdOf = (ids: CatalogIds, { release }: TrackDescription): ReleaseId =>
  ids.release({
    artist: release.hasOwnCredits ? release.credits.map((credit) => credit.name).join('; ') : '',
    title: release.title,
    musicBrainzId: release.musicBrainzId,
    folder: release.folder,
  })

/** Makes the catalog entry of a track. Fields of the release that this track does not have are kept from earlier tracks. */
export const makePublication = (parts: PublicationParts): Publication => {
  const { ids, description, recording, existing } = parts
  const releaseId = releaseIdOf(ids, description)
  const isMixed = hasOtherArtists(parts)
  const trackKey = { releaseId, disc: description.disc, position: description.position, recordingId: recording.id }
  const releaseFields = {
    ...existing,
    ...defined({
      year: description.release.year,
      label: description.release.label,
      barcode: description.release.barcode,
    }),
  }
  return {
    recording: {
      ...recording,
      durationMs: durationMsOf(decodeManifestHead(recording.heads.aac)),
      isrc: description.isrc,
    },
    track: {
      id: ids.track(trackKey),
      title: description.title,
      disc: description.disc,
      position: description.position,
      credits: withIds(ids, description.credits),
      musicBrainzId: description.musicBrainzId,
    },
    release: {
      id: releaseId,
      title: existing?.title ?? description.release.title,
      credits: withIds(ids, isMixed ? [variousArtists] : description.release.credits),
      type: isMixed ? 'compilation' : description.release.type,
      year: releaseFields.year,
      label: releaseFields.label,
      barcode: releaseFields.barcode,
      cover: existing?.cover ?? parts.cover,
      isPublic: parts.isPublic,
      musicBrainzId: description.release.musicBrainzId,
    },
  }
}

const defined = <Fields extends object>(fields: Fields): Partial<Fields> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<Fields>

const withIds = (ids: CatalogIds, credits: readonly NamedCredit[]) =>
  credits.map(({ name, join, musicBrainzId }) => ({ id: ids.artist(name, musicBrainzId), name, join }))

/** Tracks of one album name different artists, and none names an album artist: then the release is a compilation. */
const hasOtherArtists = ({ description, existing }: PublicationParts): boolean => {
  const [ours] = description.release.credits
  const [theirs] = existing?.credits ?? []
  return (
    !description.release.hasOwnCredits &&
    ours !== undefined &&
    theirs !== undefined &&
    nameKey(ours.name) !== nameKey(theirs.name)
  )
}
