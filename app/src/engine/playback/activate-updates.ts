import type { StreamWorker } from '../../ports/stream-worker.ts'
import type { Readable } from '../readable.ts'
import type { PlayerView } from './player.ts'

type Deps = {
  readonly worker: Pick<StreamWorker, 'state' | 'onState' | 'activateUpdate'>
  readonly view: Readable<Pick<PlayerView, 'state'>>
}

/** A new version of the service worker takes over when nothing plays: WebKit stops a media element whose service worker is replaced. */
export const activateUpdatesWhenSilent = ({ worker, view }: Deps): void => {
  let wasDue = false
  const check = (): void => {
    const { kind } = view.get().state
    const isDue = worker.state() === 'updating' && kind !== 'playing' && kind !== 'loading'
    if (isDue && !wasDue) worker.activateUpdate()
    wasDue = isDue
  }
  worker.onState(check)
  view.subscribe(check)
}
