import type { Transcoder } from '../../ports/transcoder.ts'
import { createFfmpegTranscoder } from './ffmpeg-transcoder.ts'
import { findFfmpeg } from './find-ffmpeg.ts'
import { createNodeAvTranscoder, hasNodeAv } from './node-av-transcoder.client.ts'

export type TranscoderChoice = { readonly tool: 'auto' | 'ffmpeg' | 'node-av'; readonly ffmpegPath: string | undefined }

/** The command line tools if they suffice, else the bundled node-av. Throws with what to do when there is neither. */
export const openTranscoder = async (choice: TranscoderChoice): Promise<Transcoder> => {
  const found =
    choice.tool === 'node-av'
      ? { kind: 'absent' as const, reason: 'node-av was asked for' }
      : await findFfmpeg(choice.ffmpegPath)
  if (found.kind === 'found') return createFfmpegTranscoder(found)
  if (choice.tool !== 'ffmpeg' && hasNodeAv()) return createNodeAvTranscoder()
  throw new Error(
    `There is no media tool: ${found.reason}, and the optional package node-av is not installed. Install ffmpeg 5.1 or later, or set FFMPEG_PATH.`,
  )
}
