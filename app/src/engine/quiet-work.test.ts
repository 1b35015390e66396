import { expect, test } from 'vitest'
import { createManualClock } from '../platform/system/manual-clock.ts'
import { quietAfterPlayMs, quietAfterStartMs, startQuietWork } from './quiet-work.ts'

const createWorld = () => {
  const clock = createManualClock()
  const done: string[] = []
  const quiet = startQuietWork(clock, [() => void done.push('shell'), () => void done.push('index')])
  return { clock, done, quiet }
}

test('without playback the tasks run a while after the start, once', async () => {
  const { clock, done } = createWorld()
  await clock.advance(quietAfterStartMs - 1)
  expect(done).toEqual([])
  await clock.advance(1)
  expect(done).toEqual(['shell', 'index'])
  await clock.advance(10 * quietAfterStartMs)
  expect(done).toEqual(['shell', 'index'])
})
test('with playback they run sooner, and not again', async () => {
  const { clock, done, quiet } = createWorld()
  await clock.advance(1_000)
  quiet.onPlay()
  await clock.advance(quietAfterPlayMs - 1)
  expect(done).toEqual([])
  await clock.advance(1)
  expect(done).toEqual(['shell', 'index'])
  quiet.onPlay()
  await clock.advance(10 * quietAfterStartMs)
  expect(done).toEqual(['shell', 'index'])
})
