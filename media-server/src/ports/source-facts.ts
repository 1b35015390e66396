import type { RecordingId, ReleaseId } from '@tonestead/crdt/ids'
import type { Cover, ReleaseSummary } from '@tonestead/protocol/catalog'
import type { Loudness } from '@tonestead/protocol/manifest'
import type { PublishedRelease, PublishedTrack } from './catalog-store.ts'

/** One artist of a credit line, before it has an id. */
export type NamedCredit = { readonly name: string; readonly join: string; readonly musicBrainzId: string | undefined }

/** Describes a track and its release: by tags where they are valid, else by file and folder names. */
export type TrackDescription = {
  readonly title: string
  readonly credits: readonly NamedCredit[]
  readonly disc: number
  readonly position: number | undefined
  readonly isrc: string | undefined
  readonly musicBrainzId: string | undefined
  readonly release: {
    readonly title: string
    readonly credits: readonly NamedCredit[]
    /** False when the credits come from this track only: other tracks of the release may name other artists. */
    readonly hasOwnCredits: boolean
    readonly type: ReleaseSummary['type']
    readonly year: number | undefined
    readonly label: string | undefined
    readonly barcode: string | undefined
    readonly musicBrainzId: string | undefined
    /** Groups tracks when the tags do not. */
    readonly folder: string | undefined
  }
}

/** What was learned of a source file. The catalog is derived from the facts of all files that are there. */
export type SourceFacts = {
  readonly releaseId: ReleaseId
  readonly recordingId: RecordingId
  readonly description: TrackDescription
  readonly cover: Cover | undefined
  readonly durationMs: number
  readonly isLossless: boolean
}

/** A source file that is there, as the derivation sees it. `name` is the path below the imported folder. */
export type PresentSource = {
  readonly id: string
  readonly name: string
  readonly isPublic: boolean
  readonly facts: SourceFacts
  readonly loudness: Loudness
}

/** A track that follows from source files. `sourceIds`: all files that are this track. */
export type DerivedTrack = PublishedTrack & {
  readonly recordingId: RecordingId
  readonly sourceIds: readonly string[]
}

/** A release that follows from source files. */
type DerivedRelease = { readonly release: PublishedRelease; readonly tracks: readonly DerivedTrack[] }

/** Derives a release from all its sources: a pure function, whose result does not depend on their order. Undefined when there are none. */
export type DeriveRelease = (id: ReleaseId, sources: readonly PresentSource[]) => DerivedRelease | undefined
