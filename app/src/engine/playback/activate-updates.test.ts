import { expect, test } from 'vitest'
import type { WorkerState } from '../../ports/stream-worker.ts'
import { createCell } from '../cell.ts'
import { activateUpdatesWhenSilent } from './activate-updates.ts'
import type { PlayerView } from './player.ts'

const createWorld = () => {
  const state = createCell<WorkerState>('ready')
  const view = createCell({ state: { kind: 'idle' } } as Pick<PlayerView, 'state'>)
  const activated = { count: 0 }
  const worker = {
    state: state.get,
    onState: state.subscribe,
    activateUpdate: () => void (activated.count += 1),
  }
  activateUpdatesWhenSilent({ worker, view })
  const play = (kind: 'playing' | 'loading' | 'paused'): void => view.set({ state: { kind } as PlayerView['state'] })
  return { state, play, activated }
}

test('a new version takes over at once when nothing plays', () => {
  const { state, activated } = createWorld()
  state.set('updating')
  expect(activated.count).toBe(1)
})
test('while a track plays or loads it waits for the pause', () => {
  const { state, play, activated } = createWorld()
  play('loading')
  state.set('updating')
  play('playing')
  expect(activated.count).toBe(0)
  play('paused')
  expect(activated.count).toBe(1)
})
test('where another tab plays it is tried again at the next pause', () => {
  const { state, play, activated } = createWorld()
  state.set('updating')
  play('playing')
  play('paused')
  expect(activated.count).toBe(2)
})
