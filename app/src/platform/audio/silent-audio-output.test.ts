import { describe } from 'vitest'
import { audioOutputContract } from '../../ports/audio-output.contract.ts'
import { createManualClock } from '../system/manual-clock.ts'
import { createSilentAudioOutput } from './silent-audio-output.ts'

describe('silent audio output', () =>
  audioOutputContract(() => {
    const clock = createManualClock()
    return {
      output: createSilentAudioOutput(clock, (url) => (url === 'good' ? 2000 : undefined)),
      goodUrl: 'good',
      badUrl: 'bad',
      wait: (ms) => clock.advance(ms),
    }
  }))
