import type { Bytes } from '@tonestead/protocol/bytes'
import type { CoverFormat, CoverSize } from './cover-store.ts'

/** One picture made from a cover. */
export type MadePicture = { readonly size: CoverSize; readonly format: CoverFormat; readonly bytes: Bytes }

/** Resizes and converts covers, in another process with limits of time and memory. Calls run one after the other. */
export type PictureMaker = {
  /** The cover in every size and format. Undefined when the picture is damaged, too large or of an unknown format. Rejects only when the signal aborts. */
  make(
    picture: Bytes,
    signal: AbortSignal,
  ): Promise<
    { readonly pictures: readonly MadePicture[]; /** Mean colour as #rrggbb. */ readonly color: string } | undefined
  >
}
