const limitMs = 10_000
/** How far the duration may be from the second that the file lasts. */
const toleranceSeconds = 0.05

/**
 * Whether this browser's media element plays through the worker: exact ranges by fetch first, as Safari asks for them, then a silent file in an element,
 * loaded and sought in without a sound. Never judged by the browser's name. Undefined: a worker from before this file answered, which tells nothing.
 */
export const probeStreamPath = async (path: string): Promise<boolean | undefined> => {
  try {
    const response = await fetch(path, { headers: { range: 'bytes=0-1' } })
    if (response.status === 404) return undefined
    const body = await response.arrayBuffer()
    const isExact =
      response.status === 206 &&
      body.byteLength === 2 &&
      /^bytes 0-1\/\d+$/.test(response.headers.get('content-range') ?? '')
    return isExact && (await elementTakes(path))
  } catch {
    return false
  }
}

const elementTakes = async (path: string): Promise<boolean> => {
  const element = new Audio()
  const ended = new AbortController()
  const told = (name: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const options = { once: true, signal: ended.signal }
      element.addEventListener(name, () => resolve(), options)
      element.addEventListener('error', () => reject(new Error('the element refused the file')), options)
      setTimeout(() => reject(new Error(`no ${name} in time`)), limitMs)
    })
  try {
    element.preload = 'auto'
    const ready = told('canplay')
    element.src = path
    await ready
    const sought = told('seeked')
    element.currentTime = 0.8
    await sought
    return Math.abs(element.duration - 1) < toleranceSeconds
  } finally {
    ended.abort()
    element.removeAttribute('src')
    element.load()
  }
}
