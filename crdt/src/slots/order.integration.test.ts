import { test } from 'vitest'
import { expectSoundHistories } from '../testkit/random-history.testkit.ts'

test('[OR8] in 40 long histories of four devices nothing is lost, doubled or returns', { timeout: 600_000 }, () => {
  expectSoundHistories({ seeds: 40, length: 60 })
})
