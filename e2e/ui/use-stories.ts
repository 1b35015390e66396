import { rm } from 'node:fs/promises'
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core'
import { afterAll, beforeAll } from 'vitest'
import { chromiumArguments } from '../../harness/chromium-arguments.ts'
import { chromiumPath } from '../../harness/browser.ts'
import { buildStories } from './build-stories.ts'
import { serveStories, type StoriesServer } from './stories-server.ts'

/** Long enough for a slow machine. A test that passes does not wait for it. */
const waitLimitMs = 30_000

export type Story = {
  readonly path: string
  readonly state?: string
  /** A dialog that is shown without a page. */
  readonly dialog?: string | undefined
  readonly context?: BrowserContextOptions
}

/** Builds and serves the stories and starts a browser, for the tests of one file. */
export const useStories = () => {
  let folder: string
  let server: StoriesServer
  let browser: Browser

  beforeAll(async () => {
    folder = await buildStories()
    server = await serveStories(folder)
    browser = await chromium.launch({
      ...(chromiumPath === undefined ? {} : { executablePath: chromiumPath }),
      args: chromiumArguments,
    })
  })
  afterAll(async () => {
    await browser?.close()
    server?.close()
    if (folder !== undefined) await rm(folder, { recursive: true, force: true })
  })

  return {
    origin: (): string => server.origin,
    /** A page in a context of its own; waits for the load event only. */
    open: async (
      { path, state = 'ready', dialog, context: options }: Story,
      prepare?: (page: Page) => void,
    ): Promise<Page> => {
      const context = await browser.newContext({
        viewport: { width: 1440, height: 900 },
        reducedMotion: 'reduce',
        ...options,
      })
      context.setDefaultTimeout(waitLimitMs)
      const page = await context.newPage()
      prepare?.(page)
      await page.goto(
        `${server.origin}/stories.html?state=${state}&path=${encodeURIComponent(path)}${dialog === undefined ? '' : `&dialog=${dialog}`}`,
      )
      return page
    },
    closePages: async (): Promise<void> => {
      await Promise.all(browser.contexts().map((context) => context.close()))
    },
  }
}
