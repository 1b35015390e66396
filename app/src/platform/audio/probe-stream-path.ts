import type { Log } from '../../ports/log.ts'

const limitMs = 10_000
/** How far the duration may be from the second that the file lasts. */
const toleranceSeconds = 0.05

/**
 * Whether this browser's media element plays what the service worker serves: first a range request by fetch, as Safari makes them, then a silent file in an
 * element, with a seek. The browser's name is not used. undefined: an older worker without this file answered, so that nothing is known.
 */
export const probeStreamPath = async (path: string, log: Log): Promise<boolean | undefined> => {
  try {
    const response = await fetch(path, { headers: { range: 'bytes=0-1' } })
    if (response.status === 404) return undefined
    const body = await response.arrayBuffer()
    const isExact =
      response.status === 206 &&
      body.byteLength === 2 &&
      /^bytes 0-1\/\d+$/.test(response.headers.get('content-range') ?? '')
    return isExact && (await elementTakes(path))
  } catch (cause) {
    log.failed('the service worker path does not work')(cause)
    return false
  }
}

const elementTakes = async (path: string): Promise<boolean> => {
  const element = new Audio()
  const ended = new AbortController()
  const fired = (name: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const options = { once: true, signal: ended.signal }
      element.addEventListener(name, () => resolve(), options)
      element.addEventListener('error', () => reject(new Error('the element refused the file')), options)
      setTimeout(() => reject(new Error(`no ${name} in time`)), limitMs)
    })
  try {
    element.preload = 'auto'
    const ready = fired('canplay')
    element.src = path
    await ready
    const sought = fired('seeked')
    element.currentTime = 0.8
    await sought
    return Math.abs(element.duration - 1) < toleranceSeconds
  } finally {
    ended.abort()
    element.removeAttribute('src')
    element.load()
  }
}
