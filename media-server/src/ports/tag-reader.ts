import type { Bytes } from '@tonestead/protocol/bytes'

/** What a file says of itself, as found: not cleaned, not believed. */
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

/** Reads tags in another process under limits of time and memory; undefined when there are none, or when reading them had to be stopped. */
export type TagReader = { read(path: string, signal: AbortSignal): Promise<RawTags | undefined> }
