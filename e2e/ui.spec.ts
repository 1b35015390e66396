import axe from 'axe-core'
import { chromium, type Browser, type Page } from 'playwright-core'
import { rm } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildStories } from './ui/build-stories.ts'
import { screens, sizes, tabletScreens, type Screen, type Size } from './ui/screens.ts'
import { serveStories, type StoriesServer } from './ui/stories-server.ts'

// Every screen over fake services, in both themes and all three frames: axe, names, keys. The same page with the real server: play.spec.ts.

let browser: Browser
let server: StoriesServer
let folder: string

beforeAll(async () => {
  folder = await buildStories()
  server = await serveStories(folder)
  browser = await chromium.launch({
    executablePath: process.env['TONESTEAD_CHROMIUM'] ?? '/usr/bin/chromium',
    args: ['--no-sandbox'],
  })
})
afterAll(async () => {
  await browser.close()
  server.close()
  await rm(folder, { recursive: true, force: true })
})

type Opened = { readonly page: Page; readonly complaints: string[] }

const open = async (screen: Pick<Screen, 'state' | 'path'>, size: Size): Promise<Opened> => {
  const context = await browser.newContext({ viewport: sizes[size], colorScheme: 'dark', reducedMotion: 'reduce' })
  context.setDefaultTimeout(10_000)
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
  page.on('pageerror', (error) => complaints.push(error.message))
  await page.goto(`${server.origin}/stories.html?state=${screen.state}&path=${encodeURIComponent(screen.path)}`)
  await page.locator('main h1').first().waitFor({ state: 'attached' })
  if (screen.state !== 'loading')
    await page.waitForFunction(
      () => document.querySelector('main h1') !== null && document.querySelector('main [class*=_bone]') === null,
    )
  return { page, complaints }
}

const violationsOf = async (page: Page): Promise<string[]> => {
  await page.evaluate(axe.source)
  const { violations } = await page.evaluate(() =>
    (globalThis as unknown as { axe: typeof axe }).axe.run(document, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
    }),
  )
  return violations.map(
    ({ id, nodes }) =>
      `${id}: ${nodes
        .map((node) => `${node.target.join(' ')} ${node.any[0]?.message ?? node.all[0]?.message ?? ''}`)
        .slice(0, 3)
        .join(' | ')}`,
  )
}

for (const size of ['desktop', 'tablet', 'phone'] as const) {
  describe(`on a ${size}`, () => {
    for (const screen of size === 'tablet' ? screens.filter(({ name }) => tabletScreens.has(name)) : screens) {
      // Two at a time (maxConcurrency): most of this is axe, one thread each.
      test.concurrent(`${screen.name} has no barriers that axe can see, dark or light`, async () => {
        const { page, complaints } = await open(screen, size)
        try {
          await screen.prepare?.(page, size)
          for (const theme of ['dark', 'light'] as const) {
            await page.evaluate((name) => void (document.documentElement.dataset['theme'] = name), theme)
            await page.waitForTimeout(250)
            if (process.env['TONESTEAD_SHOTS'] !== undefined)
              await page.screenshot({
                path: `${process.env['TONESTEAD_SHOTS']}/${screen.name.replaceAll(/\W+/g, '-')}-${size}-${theme}.png`,
              })
            expect(await violationsOf(page)).toEqual([])
          }
          expect(complaints).toEqual([])
          expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true)
        } finally {
          await page.context().close()
        }
      })
    }
  })
}
