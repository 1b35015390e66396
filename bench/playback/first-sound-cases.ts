import type { Track } from '@tonestead/protocol/catalog'
import type { Locator, Page } from 'playwright-core'
import type { BenchRun } from '../runner/run-bench.ts'
import { unthrottled } from './lines.ts'
import { openListener, untilSound } from './open-listener.ts'
import type { Line } from './throttled-link.ts'
import type { ThrottledServer } from './throttled-server.ts'

export type Take = { readonly track: Track; readonly line: Line }

/** Round trip and the bytes of the smallest first chunk: the physical limit for these chunks on this line. */
export const firstSoundLimitMs = async (server: ThrottledServer, { track, line }: Take): Promise<number> => {
  const { head } = await server.manifestOf(track)
  const smallest = Math.min(...head.renditions.map((rendition) => rendition.first[0]?.sizeBytes ?? Infinity))
  return line.latencyMs + (smallest * 8000) / line.bitsPerSecond
}

/** The release is on the screen, the content keys are here, the service worker runs: only the first chunk is missing. */
export const fromHeadAndKey = async (server: ThrottledServer, page: Page, { track, line }: Take): Promise<number> => {
  server.link.setLine(unthrottled)
  await page.goto(releaseAddress(server, track))
  await playButton(page, track).waitFor()
  await page.waitForTimeout(1500)
  server.link.setLine(line)
  await playButton(page, track).click()
  return untilSound(page)
}

/** The app runs and has nothing of the release and no key. Timed from the navigation to its page; Play is clicked in the frame in which it appears. */
export const fromColdManifest = async (server: ThrottledServer, page: Page, { track, line }: Take): Promise<number> => {
  server.link.setLine(unthrottled)
  await page.goto(`${server.origin}/settings`)
  await page.waitForTimeout(1000)
  await deleteStoredAnswers(page)
  server.link.setLine(line)
  await page.evaluate(
    (path) => {
      globalThis.watched.startedAt = performance.now()
      history.pushState(null, '', path)
    },
    new URL(releaseAddress(server, track)).pathname,
  )
  return clickPlayWhenShown(page, track)
}

/** A new browser profile: app, service worker, keys and music all come over the line. Timed from the navigation. */
export const fromFirstVisit = async (
  run: BenchRun<string>,
  server: ThrottledServer,
  { track, line, profile }: Take & { readonly profile: string },
): Promise<number> => {
  const context = await openListener(run, profile)
  try {
    const page = context.pages()[0] ?? (await context.newPage())
    server.link.setLine(line)
    await page.goto(releaseAddress(server, track), { waitUntil: 'commit' })
    return await clickPlayWhenShown(page, track)
  } finally {
    server.link.setLine(unthrottled)
    await context.close()
  }
}

/** Plays the beginning once, cuts the line, and plays it again. */
export const fromCacheOffline = async (server: ThrottledServer, page: Page, track: Track): Promise<number> => {
  server.link.setLine(unthrottled)
  await page.goto(releaseAddress(server, track))
  await playButton(page, track).click()
  await untilSound(page)
  await page.waitForTimeout(6000)
  await page.reload()
  await playButton(page, track).waitFor()
  await page.waitForTimeout(1000)
  server.link.cut()
  try {
    await playButton(page, track).click()
    return await untilSound(page)
  } finally {
    server.link.mend()
  }
}

export const releaseAddress = (server: ThrottledServer, track: Track): string =>
  `${server.origin}/release/${track.release.id}`

export const playButton = (page: Page, track: Track): Locator =>
  page.getByRole('button', { name: `Play ${track.title}`, exact: true })

/** Empties the stores of answers, keys and licenses, and keeps account and device. */
const deleteStoredAnswers = (page: Page): Promise<void> =>
  page.evaluate(async () => {
    for (const { name } of await indexedDB.databases()) {
      if (name === undefined) continue
      const database = await new Promise<IDBDatabase>((resolve, reject) => {
        const request = indexedDB.open(name)
        request.onsuccess = () => resolve(request.result)
        request.onerror = () => reject(new Error('the database does not open'))
      })
      const stores = [...database.objectStoreNames].filter(
        (store) => /key|answer|catalog|licen/i.test(store) && !/device|account/i.test(store),
      )
      if (stores.length > 0) {
        const transaction = database.transaction(stores, 'readwrite')
        for (const store of stores) transaction.objectStore(store).clear()
        await new Promise((resolve) => (transaction.oncomplete = resolve))
      }
      database.close()
    }
  })

/** Milliseconds from the navigation, or from `watched.startedAt`, to sound. The click happens inside the page, without a round trip. */
const clickPlayWhenShown = async (page: Page, track: Track): Promise<number> => {
  await page.waitForFunction(
    (name) => {
      const button = [...document.querySelectorAll('button')].find(
        (candidate) => candidate.getAttribute('aria-label') === name || candidate.textContent === name,
      )
      button?.click()
      return button !== undefined
    },
    `Play ${track.title}`,
    { polling: 'raf', timeout: 90_000 },
  )
  await untilSound(page)
  return page.evaluate(
    () => globalThis.watched.clickedAt + globalThis.watched.soundAfterMs - globalThis.watched.startedAt,
  )
}
