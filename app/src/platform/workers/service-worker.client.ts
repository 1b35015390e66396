import type { FromWorker, StreamWorker, WorkerState } from '../../ports/stream-worker.ts'
import { readFromWorker } from './worker-messages.ts'

export const serviceWorkerUrl = '/service-worker.js'
/** Held by every page that plays, so that a new worker activates only when none does. */
const playbackLock = 'tonestead-sounding'

/** The page's end of the service worker. `trust`: of script-trust.ts. */
export const createServiceWorkerLink = (trust: (url: string) => string): StreamWorker & { start(): void } => {
  const container = 'serviceWorker' in navigator ? navigator.serviceWorker : undefined
  const stateListeners = new Set<() => void>()
  const messageListeners = new Set<(message: FromWorker) => void>()
  let registration: ServiceWorkerRegistration | undefined
  let hasFailed = container === undefined

  const changed = (): void => stateListeners.forEach((listener) => listener())
  const state = (): WorkerState => {
    if (hasFailed) return 'unavailable'
    if (registration?.waiting != null && container?.controller != null) return 'updating'
    return container?.controller == null ? 'starting' : 'ready'
  }

  const watch = (found: ServiceWorkerRegistration): void => {
    registration = found
    const onInstalling = (): void => found.installing?.addEventListener('statechange', changed)
    found.addEventListener('updatefound', onInstalling)
    onInstalling()
    changed()
  }

  const requestClaim = async (): Promise<void> => {
    const found = await container?.ready
    if (container?.controller == null) found?.active?.postMessage({ kind: 'claim' })
  }

  return {
    state,
    onState: (listener) => {
      stateListeners.add(listener)
      return () => void stateListeners.delete(listener)
    },
    ready: (signal) => waitForController(container, () => hasFailed, signal),
    post: (message) => container?.controller?.postMessage(message),
    onMessage: (listener) => {
      messageListeners.add(listener)
      return () => void messageListeners.delete(listener)
    },
    activateUpdate: () => {
      const waiting = registration?.waiting
      if (waiting == null) return
      void navigator.locks.request(
        playbackLock,
        { ifAvailable: true },
        (lock) => lock !== null && waiting.postMessage({ kind: 'activate' }),
      )
    },
    start: () => {
      if (container === undefined) return
      container.addEventListener('controllerchange', changed)
      container.addEventListener('message', (event) => {
        const message = readFromWorker(event.data)
        if (message !== undefined) messageListeners.forEach((listener) => listener(message))
      })
      container.register(trust(serviceWorkerUrl), { updateViaCache: 'none' }).then(watch, () => {
        hasFailed = true
        changed()
      })
      void requestClaim()
    },
  }
}

const waitForController = (
  container: ServiceWorkerContainer | undefined,
  hasFailed: () => boolean,
  signal: AbortSignal,
): Promise<boolean> =>
  new Promise((resolve) => {
    if (container === undefined || hasFailed() || signal.aborted) return void resolve(false)
    if (container.controller !== null) return void resolve(true)
    const done = (isReady: boolean) => (): void => {
      container.removeEventListener('controllerchange', onController)
      resolve(isReady)
    }
    const onController = done(true)
    container.addEventListener('controllerchange', onController)
    signal.addEventListener('abort', done(false), { once: true })
  })

/** Holds a lock while this page plays, so that other pages do not activate an update. */
export const createPlaybackLock = (): ((isPlayWanted: boolean) => void) => {
  let release: (() => void) | undefined
  return (isPlayWanted) => {
    if (isPlayWanted === (release !== undefined) || !('locks' in navigator)) return
    release?.()
    release = undefined
    if (!isPlayWanted) return
    const held = new Promise<void>((resolve) => (release = resolve))
    void navigator.locks.request(playbackLock, { mode: 'shared' }, () => held)
  }
}
