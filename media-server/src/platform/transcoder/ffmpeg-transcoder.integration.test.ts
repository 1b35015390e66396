import { describe, it } from 'vitest'
import { hasFfmpeg, transcoderContract } from '../../ports/transcoder.contract.ts'
import { createFfmpegTranscoder } from './ffmpeg-transcoder.ts'
import { findFfmpeg } from './find-ffmpeg.ts'

if (!hasFfmpeg)
  console.warn('SKIPPED: there is no ffmpeg on this machine, so the command line transcoder is not tested')

describe('the ffmpeg command line as a transcoder', () => {
  if (!hasFfmpeg) return it.skip('needs ffmpeg 5.1 or later')
  transcoderContract(async () => {
    const found = await findFfmpeg(undefined)
    if (found.kind === 'absent') throw new Error(found.reason)
    return createFfmpegTranscoder(found)
  })
})
