import type { Transcoder } from '../ports/transcoder.ts'
import { createFfmpegTranscoder } from './transcoder/ffmpeg-transcoder.ts'
import { findFfmpeg } from './transcoder/find-ffmpeg.ts'
import { createNodeAvTranscoder, hasNodeAv } from './transcoder/node-av-transcoder.client.ts'

export type TranscoderChoice = { readonly tool: 'auto' | 'ffmpeg' | 'node-av'; readonly ffmpegPath: string | undefined }

/** Chooses the transcoder: the ffmpeg command line if it is good enough, else the optional package node-av. Throws when neither is there. */
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
