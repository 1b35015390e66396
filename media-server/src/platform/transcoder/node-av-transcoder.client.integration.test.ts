import { describe, it } from 'vitest'
import { transcoderContract } from '../../ports/transcoder.contract.ts'
import { createNodeAvTranscoder, hasNodeAv } from './node-av-transcoder.client.ts'

if (!hasNodeAv())
  console.warn('SKIPPED: the optional package node-av is not installed here, so the bundled transcoder is not tested')

describe('the bundled node-av as a transcoder', () => {
  if (!hasNodeAv()) return it.skip('needs the optional package node-av')
  transcoderContract(() => Promise.resolve(createNodeAvTranscoder()))
})
