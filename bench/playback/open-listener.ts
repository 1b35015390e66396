import { join } from 'node:path'
import type { BrowserContext, Page } from 'playwright-core'
import { openDevice } from '../../harness/browser.ts'
import { note } from '../runner/note.ts'
import type { BenchRun } from '../runner/run-bench.ts'
import { watchMedia } from './watch-media.ts'

/** A browser profile of its own, whose pages are watched: an error of a page ends the benchmark with its message. */
export const openListener = async (
  run: Pick<BenchRun, 'folder' | 'onEnd' | 'fail'>,
  profile: string,
): Promise<BrowserContext> => {
  const context = await openDevice({ profile: join(run.folder, profile), handlesSignals: false })
  run.onEnd(() => context.close())
  await context.addInitScript(watchMedia)
  for (const page of context.pages()) failOnErrors(run, page)
  context.on('page', (page) => failOnErrors(run, page))
  return context
}

const failOnErrors = (run: Pick<BenchRun, 'fail'>, page: Page): void => {
  const fail = (what: string): void => run.fail(new Error(`${what} (${page.url()})`))
  // Also promises of the page that nobody handled.
  page.on('pageerror', (error) => fail(`An error in the page: ${error.stack ?? error.message}`))
  page.on('crash', () => fail('The page crashed.'))
  page.on('console', (message) => {
    if (message.type() !== 'error') return
    // The page handles a request that failed: it tries again, or says that playback failed (see untilSound).
    if (message.text().startsWith('Failed to load resource')) note(`${message.text()} ${message.location().url}`)
    else fail(`An error on the console of the page: ${message.text()}`)
  })
}

/**
 * Prepares a page of a visitor who was here before: the service worker controls the page and has stored the shell, so only music and what belongs to
 * it goes over the line.
 */
export const settleIn = async (page: Page, origin: string): Promise<void> => {
  await page.goto(`${origin}/`)
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null, undefined, { timeout: 30_000 })
  await page.evaluate(() => navigator.serviceWorker.controller?.postMessage({ kind: 'keep-shell' }))
  await page.waitForFunction(
    async () => (await (await caches.open('tonestead-shell-v1')).keys()).length > 20,
    undefined,
    { timeout: 30_000, polling: 500 },
  )
  await page.waitForTimeout(1500)
}

/** Milliseconds from the last click to sound. Throws with the page's own message when it says that playback failed. */
export const untilSound = async (page: Page): Promise<number> => {
  const result = await page.waitForFunction(
    () => {
      const alert = document.querySelector('[role="alert"]')?.textContent
      if (typeof alert === 'string') return { alert }
      return Number.isNaN(globalThis.watched.soundAfterMs) ? false : { afterMs: globalThis.watched.soundAfterMs }
    },
    undefined,
    { timeout: 90_000, polling: 50 },
  )
  const value = await result.jsonValue()
  if (value === false || value.afterMs === undefined)
    throw new Error(`the page says: ${value === false ? 'nothing' : value.alert}`)
  return value.afterMs
}
