import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { BrowserContext, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { claimCodeOf } from '../harness/device.ts'
import { makeSound, writeWav } from '../harness/sound.ts'
import { chromiumPath, openDevice } from '../harness/browser.ts'
import { freePort, startServer, type RunningServer } from '../harness/server-process.ts'
import { temporaryFolder } from '../harness/temporary-folder.ts'
import { until } from '../harness/until.ts'

// Search in the real page on the real server: with typos, by keys alone, without the server, and while new files are imported.
// Each test continues where the one before ended.

const songs = [
  'Luna Parade/Harbour Lights/01 Velvet Morning',
  'Luna Parade/Harbour Lights/02 Copper Lanterns',
  'Ágnes Varga/Sötét Erdő/01 Hollow Cathedral',
  'Ágnes Varga/Sötét Erdő/02 Winter Orchard',
] as const
const titles = songs.map((song) => song.slice(song.lastIndexOf('/') + 4))
/** Without a relay an account has no playlists. */
const relay = join(import.meta.dirname, '..', 'sync-server', 'src', 'main.ts')
const laterSong = 'The Quiet Machines/Northern Signals/01 Paper Satellites'

describe.skipIf(chromiumPath === undefined)('a person searches', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>
  let server: RunningServer
  let context: BrowserContext
  let page: Page
  let port: number
  const errors: string[] = []

  const start = (): Promise<RunningServer> =>
    startServer({
      data: join(folder.path, 'data'),
      port,
      args: ['--no-demo', '--relay', relay, join(folder.path, 'music')],
    })
  const addSong = async (name: string, seed: number): Promise<void> => {
    const path = join(folder.path, 'music', `${name}.wav`)
    await mkdir(join(path, '..'), { recursive: true })
    await writeWav(path, makeSound(20, seed))
  }
  const field = () => page.getByRole('searchbox', { name: 'Search' })
  const main = () => page.getByRole('main')
  const player = () => page.getByRole('region', { name: 'Player' })
  const row = (title: string) => main().getByRole('button', { name: new RegExp(`^(Play|Pause) ${title}$`) })
  const cardLink = (name: string) =>
    main()
      .getByRole('link', { name: new RegExp(`^${name}`) })
      .first()
  /** Empties the field and types, key by key. */
  const type = async (text: string): Promise<void> => {
    await field().fill('')
    await field().pressSequentially(text, { delay: 15 })
  }
  const typeAndFind = async (text: string, found: Locator): Promise<void> => {
    await type(text)
    await found.waitFor({ timeout: 30_000 })
  }
  /** The index follows the catalog a moment later, and a result that is shown is not requested again. */
  const untilIndexed = (title: string): Promise<void> =>
    until(`"${title}" is in the index`, async () => {
      await type(title)
      await row(title)
        .waitFor({ timeout: 8000 })
        .catch(() => undefined)
      return row(title).isVisible()
    })
  const untilPlaying = async (title: string): Promise<void> => {
    await player().getByRole('link', { name: title }).waitFor({ timeout: 30_000 })
    await player().getByRole('button', { name: 'Pause', exact: true }).waitFor({ timeout: 30_000 })
    await expect
      .poll(async () => Number(await player().getByRole('slider', { name: 'Seek' }).inputValue()), { timeout: 30_000 })
      .toBeGreaterThan(0)
  }
  const isSearching = () => main().locator('[aria-busy=true]').count()

  beforeAll(async () => {
    folder = await temporaryFolder('search')
    for (const [index, name] of songs.entries()) await addSong(name, index + 1)
    port = await freePort()
    server = await start()
    context = await openDevice({ profile: join(folder.path, 'profile') })
    page = context.pages()[0] ?? (await context.newPage())
    page.on('pageerror', (error) => errors.push(error.stack ?? error.message))
    await page.goto(`${server.origin}/#claim=${await claimCodeOf(server)}`)
    await page.getByText('You are the administrator of this server now.').waitFor({ timeout: 30_000 })
    await until('all songs are in the library', async () => {
      await page.goto(`${server.origin}/library/tracks`)
      await page
        .getByRole('grid')
        .waitFor({ timeout: 5000 })
        .catch(() => undefined)
      const shown = await Promise.all(
        titles.map((title) => page.getByRole('button', { name: `Play ${title}` }).count()),
      )
      return shown.every((count) => count > 0)
    })
  })

  afterAll(async () => {
    await context?.close()
    await server?.stop()
    await folder?.[Symbol.asyncDispose]()
  })

  test('songs are found while the query is typed, and with typos, also in the first letter', async () => {
    await page.goto(`${server.origin}/`)
    await field().click()
    for (const title of titles) await untilIndexed(title)
    for (const [typed, title] of [
      ['velv', 'Velvet Morning'],
      ['velvet mornign', 'Velvet Morning'],
      ['xelvet morning', 'Velvet Morning'],
      ['copperlanterns', 'Copper Lanterns'],
      ['hollow cathedrla', 'Hollow Cathedral'],
    ] as const) {
      await typeAndFind(typed, row(title))
    }
    await typeAndFind('agnes varga', cardLink('Ágnes Varga'))
    await typeAndFind('sotet erdo', cardLink('Sötét Erdő'))
    await expect.poll(() => new URL(page.url()).searchParams.get('q')).toBe('sotet erdo')
    expect(await main().locator('mark').count()).toBeGreaterThan(0)
  })

  test('a late response to an earlier query is never shown', async () => {
    let release = (): void => undefined
    const held = new Promise<void>((resolve) => void (release = resolve))
    const isHeld = (url: URL): boolean => url.pathname === '/api/search' && url.searchParams.get('q') === 'copper'
    await page.route(isHeld, async (route) => {
      await held
      await route.continue().catch(() => undefined)
    })
    const requested = page.waitForRequest((request) => isHeld(new URL(request.url())))
    await type('copper')
    await requested
    await type('hollow')
    await row('Hollow Cathedral').waitFor()
    release()
    await page.unroute(isHeld)
    // When the next result is shown, the late response has been handled too.
    await type('winter')
    await row('Winter Orchard').waitFor()
    expect(await row('Copper Lanterns').count()).toBe(0)
  })

  test('a track is found and played by keys alone', async () => {
    await page.goto(`${server.origin}/`)
    await page.getByRole('heading', { level: 1 }).first().waitFor()
    await page.keyboard.press('/')
    await page.keyboard.type('velvet mornin')
    await page.keyboard.press('Enter')
    await untilPlaying('Velvet Morning')
    await page.keyboard.press('Control+k')
    await page.keyboard.type('copper')
    await row('Copper Lanterns').waitFor()
    for (let step = 0; step < 8; step += 1) {
      await page.keyboard.press('ArrowDown')
      if ((await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))) === 'Play Copper Lanterns')
        break
    }
    await page.keyboard.press('Enter')
    await untilPlaying('Copper Lanterns')
  })

  test('the live region announces the number of results', async () => {
    await field().click()
    await type('luna parade')
    await expect
      .poll(() => main().getByRole('status').textContent(), { timeout: 20_000 })
      .toMatch(/^\d+ results for “luna parade”\.$/)
    const announced = await main().getByRole('status').textContent()
    const shown = await main().locator('[data-row], article').count()
    // The top result is also in its group, so it is shown twice and counted once.
    expect(Number(/\d+/.exec(announced ?? '')?.[0])).toBe(
      shown - (await main().getByRole('heading', { name: 'Top result' }).count()),
    )
    await type('qqqqqqqq')
    await expect
      .poll(() => main().getByRole('status').textContent(), { timeout: 20_000 })
      .toBe('No results for “qqqqqqqq”.')
    await main().getByRole('link', { name: 'Upload it' }).waitFor()
  })

  /** The card of the playlist that was created, with its number of songs. */
  const playlistCard = () => main().getByRole('article').filter({ hasText: 'Playlist · 1 song' }).first()
  const savedRelease = () =>
    main()
      .getByRole('article')
      .filter({ hasText: 'Saved.' })
      .filter({ has: page.getByRole('link', { name: /^Harbour Lights/ }) })
      .first()
  const findOwn = async (): Promise<void> => {
    await typeAndFind('evenign walks', playlistCard())
    await typeAndFind('harbuor lights', savedRelease())
  }

  test('a playlist and a saved release are found with a typo, also by the filter for the library', async () => {
    await page.goto(`${server.origin}/library/playlists`)
    await page.getByRole('button', { name: 'Create playlist' }).last().click()
    await page.getByRole('dialog', { name: 'Create playlist' }).waitFor()
    await page.keyboard.type('Evening Walks')
    await page.keyboard.press('Enter')
    await main().getByRole('heading', { name: 'Evening Walks', level: 1 }).waitFor({ timeout: 30_000 })
    await main().getByRole('searchbox', { name: 'Find songs to add' }).fill('velvet morning')
    await main().getByRole('button', { name: 'Add Velvet Morning' }).first().click()
    await type('harbour lights')
    await cardLink('Harbour Lights').click()
    await main().getByRole('button', { name: 'Save Harbour Lights' }).click()
    await findOwn()
    await main().getByRole('button', { name: 'In library' }).click()
    await expect.poll(() => new URL(page.url()).searchParams.get('library')).toBe('1')
    await savedRelease().waitFor()
    expect(await row('Velvet Morning').count()).toBe(0)
    await main().getByRole('button', { name: 'In library' }).click()
  })

  test('without the server the device finds the same', async () => {
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Settings' }).click()
    await page.getByText(`${songs.length} tracks can be found without a network.`).waitFor({ timeout: 60_000 })
    await server.stop()
    await page.keyboard.press('/')
    for (const [typed, title] of [
      ['xelvet morning', 'Velvet Morning'],
      ['hollow cathedrla', 'Hollow Cathedral'],
      ['copperlanterns', 'Copper Lanterns'],
    ] as const) {
      await type(typed)
      await row(title).waitFor({ timeout: 20_000 })
    }
    await main().getByText('Searching on this device').first().waitFor({ timeout: 30_000 })
    await expect.poll(() => main().getByRole('status').textContent(), { timeout: 20_000 }).toMatch(/on this device/)
    await findOwn()
  })

  test('it still does after a reload, and plays a track from its cache', async () => {
    await page.goto(`${server.origin}/search?q=${encodeURIComponent('xelvet morning')}`)
    await row('Velvet Morning').waitFor({ timeout: 30_000 })
    await main().getByText('Searching on this device').first().waitFor({ timeout: 30_000 })
    await field().fill('')
    await type('copper')
    await row('Copper Lanterns').click()
    await untilPlaying('Copper Lanterns')
  })

  test('a release that is imported while the page is open is found without a reload', async () => {
    server = await start()
    await page.goto(`${server.origin}/settings`)
    await page.evaluate(() => Object.assign(globalThis, { isSamePage: true }))
    await field().click()
    await type('satelites')
    await main().getByText('Nothing found').first().waitFor({ timeout: 30_000 })
    await addSong(laterSong, 9)
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Settings' }).click()
    await main()
      .getByRole('link', { name: /^Import/ })
      .click()
    await main().getByRole('button', { name: 'Scan again' }).click()
    await field().click()
    await until('the new song is found', async () => {
      await type('satelites')
      return row('Paper Satellites')
        .waitFor({ timeout: 3000 })
        .then(
          () => true,
          () => false,
        )
    })
    await type('quiet machines')
    await cardLink('The Quiet Machines').waitFor({ timeout: 20_000 })
    expect(await page.evaluate(() => 'isSamePage' in globalThis)).toBe(true)
  })

  test('hostile text gets an answer, and the page keeps working', async () => {
    const refused: number[] = []
    page.on(
      'response',
      (response) =>
        void (response.url().includes('/api/search') && response.status() >= 400 && refused.push(response.status())),
    )
    for (const text of [
      'x'.repeat(10_000),
      '^(a+)+$ .*[',
      '👩🏽‍🚀😀'.repeat(60),
      '\u0000\u0007\u202e\u200b',
      'year:99999999999 '.repeat(20),
      'artist:"',
      '%00%',
      '\u{1d4d7}\u0301'.repeat(40),
      '<script>alert(1)</script>',
    ]) {
      await page.evaluate((value) => {
        const input = document.getElementById('search-box') as HTMLInputElement
        input.focus()
        input.select()
        document.execCommand('insertText', false, value)
      }, text)
      await expect.poll(isSearching, { timeout: 20_000 }).toBe(0)
    }
    await field().fill('')
    await type('velvet')
    await row('Velvet Morning').waitFor({ timeout: 20_000 })
    expect(refused).toEqual([])
    expect(errors).toEqual([])
  })

  test('on a phone everything fits, dark and light', async () => {
    await page.setViewportSize({ width: 390, height: 844 })
    for (const theme of ['dark', 'light']) {
      await page.emulateMedia({ colorScheme: theme === 'dark' ? 'dark' : 'light' })
      for (const path of ['/search?q=luna', '/search?q=luna&kind=track', '/search?q=qqqqqqqq', '/search']) {
        await page.goto(`${server.origin}${path}`)
        await page.getByRole('heading', { level: 1 }).waitFor({ state: 'attached' })
        await expect.poll(isSearching, { timeout: 20_000 }).toBe(0)
        expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true)
        if (process.env['TONESTEAD_SHOTS'] !== undefined)
          await page.screenshot({
            path: `${process.env['TONESTEAD_SHOTS']}/real${path.replaceAll(/\W+/g, '-')}-${theme}.png`,
          })
      }
    }
  })
})
