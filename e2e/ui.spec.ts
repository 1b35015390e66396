import axe from 'axe-core'
import { chromium, type Browser, type Page } from 'playwright-core'
import { rm } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildStories } from './ui/build-stories.ts'
import { serveStories, type StoriesServer } from './ui/stories-server.ts'

// Every screen over fake services, in both themes and all three frames: axe, names, keys. The same page with the real server: play.spec.ts.

const sizes = {
  desktop: { width: 1440, height: 900 },
  tablet: { width: 834, height: 1112 },
  phone: { width: 390, height: 844 },
} as const
type Size = keyof typeof sizes
type Screen = {
  readonly name: string
  readonly state: string
  readonly path: string
  readonly prepare?: (page: Page, size: Size) => Promise<void>
}

const release = '/release/relaaaaaaaaaaaaaaaaaaaaaab'

const play = async (page: Page): Promise<void> => {
  await page.getByRole('main').getByRole('button', { name: 'Play', exact: true }).click()
  await page.getByRole('region', { name: 'Player' }).getByRole('button', { name: 'Pause' }).waitFor()
}

const screens: readonly Screen[] = [
  { name: 'home', state: 'ready', path: '/' },
  { name: 'home for a visitor', state: 'visitor', path: '/' },
  { name: 'home of the administrator', state: 'administrator', path: '/' },
  { name: 'home, empty', state: 'empty', path: '/' },
  { name: 'home, loading', state: 'loading', path: '/' },
  { name: 'home, offline', state: 'offline', path: '/' },
  { name: 'home, insecure', state: 'insecure', path: '/' },
  { name: 'home, storage refused', state: 'storage', path: '/' },
  { name: 'releases', state: 'ready', path: '/library/releases' },
  { name: 'artists', state: 'ready', path: '/library/artists' },
  { name: 'tracks', state: 'ready', path: '/library/tracks' },
  { name: 'tracks, failing', state: 'failing', path: '/library/tracks' },
  { name: 'release', state: 'ready', path: release },
  { name: 'release, offline', state: 'offline', path: release },
  { name: 'artist', state: 'ready', path: '/artist/artaaaaaaaaaaaaaaaaaaaaaaa' },
  { name: 'track link', state: 'ready', path: '/track/trkaaaaaaaaaaaaaaaaaaaaaad' },
  { name: 'search', state: 'ready', path: '/search' },
  { name: 'search, nothing searched before', state: 'visitor', path: '/search' },
  {
    name: 'search, typing',
    state: 'loading',
    path: '/search?q=river',
    prepare: (page) => page.getByRole('group', { name: 'Filters' }).waitFor(),
  },
  {
    name: 'search results',
    state: 'ready',
    path: '/search?q=river',
    prepare: (page) => page.getByRole('heading', { name: 'Playlists' }).waitFor(),
  },
  {
    name: 'search results, tracks alone',
    state: 'ready',
    path: '/search?q=river&kind=track',
    prepare: (page) => page.getByRole('grid').waitFor(),
  },
  {
    name: 'search results, releases filtered',
    state: 'ready',
    path: '/search?q=river&kind=release&years=1990-1999',
    prepare: (page) => page.getByRole('link', { name: 'Clear filters' }).waitFor(),
  },
  {
    name: 'search results, corrected',
    state: 'ready',
    path: '/search?q=rievr',
    prepare: (page) => page.getByText('Nothing is spelled').waitFor(),
  },
  {
    name: 'search results in other scripts',
    state: 'ready',
    path: '/search?q=%D9%84%D9%8A',
    prepare: (page) => page.locator('mark').first().waitFor(),
  },
  {
    name: 'search without results',
    state: 'administrator',
    path: '/search?q=zzzzzz%20qqq',
    prepare: (page) => page.getByRole('link', { name: 'Upload it' }).waitFor(),
  },
  {
    name: 'search without results under filters',
    state: 'ready',
    path: '/search?q=river&years=1900-1910&lossless=1',
    prepare: (page) => page.getByRole('link', { name: 'Remove filters' }).waitFor(),
  },
  {
    name: 'search, offline on the index of the device',
    state: 'offline',
    path: '/search?q=river',
    prepare: (page) => page.getByText('Searching on this device').waitFor(),
  },
  {
    name: 'search, offline without an index',
    state: 'unindexed',
    path: '/search?q=river',
    prepare: (page) => page.getByText('This device cannot search by itself yet').waitFor(),
  },
  {
    name: 'search, failing',
    state: 'failing',
    path: '/search?q=river',
    prepare: (page) => page.getByRole('button', { name: 'Try again' }).waitFor(),
  },
  { name: 'settings', state: 'ready', path: '/settings' },
  { name: 'upload', state: 'administrator', path: '/upload' },
  { name: 'upload, not permitted', state: 'ready', path: '/upload' },
  { name: 'import', state: 'administrator', path: '/import' },
  { name: 'import, nothing found', state: 'empty', path: '/import' },
  { name: 'import, not permitted', state: 'ready', path: '/import' },
  { name: 'nothing at this address', state: 'ready', path: '/nowhere' },
  { name: 'playing', state: 'ready', path: release, prepare: (page) => play(page) },
  {
    name: 'queue',
    state: 'ready',
    path: release,
    prepare: async (page, size) => {
      await play(page)
      if (size === 'phone') await page.getByRole('button', { name: /^Now playing/ }).click()
      await page.getByRole('button', { name: 'Queue', exact: true }).last().click()
    },
  },
  {
    name: 'now playing',
    state: 'ready',
    path: release,
    prepare: async (page) => {
      await play(page)
      await page.getByRole('button', { name: /^Now playing/ }).click()
    },
  },
  {
    name: 'failed playback',
    state: 'ready',
    path: release,
    prepare: async (page) => {
      await play(page)
      await page.evaluate(() =>
        (globalThis as unknown as { services: { player: { fail(problem: string): void } } }).services.player.fail(
          'server-unreachable',
        ),
      )
    },
  },
  {
    name: 'track menu',
    state: 'ready',
    path: release,
    prepare: (page) =>
      page
        .getByRole('button', { name: /^More actions for/ })
        .first()
        .click({ force: true }),
  },
  { name: 'shortcuts', state: 'ready', path: '/', prepare: (page) => page.keyboard.press('?') },
]

/** The tablet's frame is the desktop's with a narrow rail, so what is in it is looked at once for each kind of page. */
const onTablet: ReadonlySet<string> = new Set([
  'home',
  'home, loading',
  'release',
  'tracks',
  'search results',
  'settings',
  'upload',
  'queue',
  'now playing',
  'failed playback',
])

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
      () =>
        document.querySelector('main h1') !== null && document.querySelector('main [class*=_skeletonBlock]') === null,
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
    for (const screen of size === 'tablet' ? screens.filter(({ name }) => onTablet.has(name)) : screens) {
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
