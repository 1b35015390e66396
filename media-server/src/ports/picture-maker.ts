import type { Bytes } from '@tonestead/protocol/bytes'
import type { CoverFormat, CoverSize } from './cover-store.ts'

export type MadePicture = { readonly size: CoverSize; readonly format: CoverFormat; readonly bytes: Bytes }

/** Draws a cover in every size and format, in another process under limits. Undefined when the picture is damaged, too large or of an unknown kind. */
export type PictureMaker = {
  make(
    picture: Bytes,
    signal: AbortSignal,
  ): Promise<
    { readonly pictures: readonly MadePicture[]; /** Mean colour as #rrggbb. */ readonly color: string } | undefined
  >
}
