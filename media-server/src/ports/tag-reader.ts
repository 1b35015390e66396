import type { Bytes } from '@tonestead/protocol/bytes'
import type { SourceFile } from './source-file.ts'

/** The tags of a file as they were found: not cleaned and not checked. */
export type RawTags = {
  readonly title?: string | undefined
  readonly artist?: string | undefined
  readonly artists?: readonly string[] | undefined
  readonly albumArtist?: string | undefined
  readonly albumArtists?: readonly string[] | undefined
  readonly album?: string | undefined
  readonly disc?: number | undefined
  readonly position?: number | undefined
  readonly year?: number | undefined
  readonly isrc?: readonly string[] | undefined
  readonly barcode?: string | undefined
  readonly label?: string | undefined
  readonly isCompilation?: boolean | undefined
  readonly releaseTypes?: readonly string[] | undefined
  readonly recordingMbid?: string | undefined
  readonly releaseMbid?: string | undefined
  readonly artistMbids?: readonly string[] | undefined
  readonly albumArtistMbids?: readonly string[] | undefined
  readonly picture?: Bytes | undefined
}

/** Reads tags in another process with limits of time and memory. Calls run one after the other. */
export type TagReader = {
  /** The extension of the path says the format; without one it is guessed. Undefined when the file has no readable tags, or reading exceeded the limits. Rejects only when the signal aborts. */
  read(file: SourceFile, signal: AbortSignal): Promise<RawTags | undefined>
}
