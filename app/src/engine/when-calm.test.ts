import { expect, test } from 'vitest'
import { createManualClock } from '../platform/system/manual-clock.ts'
import type { WorkerState } from '../ports/stream-worker.ts'
import { createCell } from './cell.ts'
import { afterSoundMs, mostWaitMs, whenCalm } from './when-calm.ts'

const start = (shellState: WorkerState, kind: 'idle' | 'loading' = 'idle') => {
  const clock = createManualClock()
  const shell = createCell(shellState)
  const playback = createCell<{ readonly state: { readonly kind: 'idle' | 'loading' | 'playing' } }>({
    state: { kind },
  })
  const world = { isCalm: false }
  void whenCalm(clock, { shell, playback }).then(() => (world.isCalm = true))
  return { clock, shell, playback, world }
}

test('[DO12] a page that has its code and plays nothing does not wait', async () => {
  const { clock, world } = start('ready')
  await clock.advance(0)
  expect(world.isCalm).toBe(true)
})

test('[DO12] on a first visit it waits for the service worker, and while playback begins for the sound and a moment more', async () => {
  const { clock, shell, playback, world } = start('starting')
  await clock.advance(500)
  playback.set({ state: { kind: 'loading' } })
  shell.set('ready')
  await clock.advance(500)
  playback.set({ state: { kind: 'playing' } })
  await clock.advance(afterSoundMs - 1)
  expect(world.isCalm).toBe(false)
  await clock.advance(1)
  expect(world.isCalm).toBe(true)
})

test('[DO12] it does not wait for ever', async () => {
  const { clock, world } = start('starting', 'loading')
  await clock.advance(mostWaitMs - 1)
  expect(world.isCalm).toBe(false)
  await clock.advance(1)
  expect(world.isCalm).toBe(true)
})
