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

// Playlists in the real page on the real server, also without it. Each test continues where the one before ended.
// To be named playlists.spec.ts when the page keeps documents: until then `documents` is unavailable and nothing can be created.

const relay = join(import.meta.dirname, '..', 'sync-server', 'src', 'main.ts')
const songs = ['01 Velvet Morning', '02 Copper Lanterns', '03 Hollow Cathedral', '04 Winter Orchard'] as const
const titles = songs.map((song) => song.slice(3))
const [first, second, third, fourth] = titles as [string, string, string, string]

describe.skipIf(chromiumPath === undefined)('a person keeps playlists', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>
  let server: RunningServer
  let context: BrowserContext
  let page: Page
  let port: number

  const start = (): Promise<RunningServer> =>
    startServer({
      data: join(folder.path, 'data'),
      port,
      args: ['--no-demo', '--relay', relay, join(folder.path, 'music')],
    })
  const main = (): Locator => page.getByRole('main')
  const row = (index: number): Locator => page.getByRole('grid').locator(`[data-row="${index}"]`)
  const shown = (): Promise<string[]> =>
    page
      .getByRole('grid')
      .locator('[data-play]')
      .evaluateAll((buttons) =>
        buttons.map((button) => button.getAttribute('aria-label')?.replace(/^(Play|Pause) /, '') ?? ''),
      )
  const untilShown = (expected: readonly string[]): Promise<void> =>
    expect.poll(shown, { timeout: 30_000 }).toEqual(expected)
  const heading = (name: string): Locator => main().getByRole('heading', { name, level: 1 })
  /** In the menu of a track, on the page that is open. */
  const addFromMenu = async (title: string, playlist: string): Promise<void> => {
    await page.getByRole('button', { name: `More actions for ${title}`, exact: true }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('menuitem', { name: 'Add to playlist' }).click()
    await page
      .getByRole('dialog', { name: 'Add to playlist' })
      .getByRole('button', { name: new RegExp(`^${playlist}`) })
      .click()
  }
  const openPlaylist = async (name: string): Promise<void> => {
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name }).click()
    await heading(name).waitFor({ timeout: 30_000 })
  }

  beforeAll(async () => {
    folder = await temporaryFolder('playlists')
    const album = join(folder.path, 'music', 'Luna Parade', 'Harbour Lights')
    await mkdir(album, { recursive: true })
    for (const [index, song] of songs.entries()) await writeWav(join(album, `${song}.wav`), makeSound(20, index + 1))
    port = await freePort()
    server = await start()
    context = await openDevice({ profile: join(folder.path, 'profile') })
    page = context.pages()[0] ?? (await context.newPage())
    await page.goto(`${server.origin}/#claim=${await claimCodeOf(server)}`)
    await page.getByText('You are the administrator of this server now.').waitFor({ timeout: 30_000 })
    await until('all tracks are in the library', async () => {
      await page.goto(`${server.origin}/library/tracks`)
      await page
        .getByRole('grid')
        .waitFor({ timeout: 5000 })
        .catch(() => undefined)
      return (await page.getByRole('grid').locator('[data-play]').count()) === titles.length
    })
  })
  afterAll(async () => {
    await context?.close()
    await server?.stop()
    await folder?.[Symbol.asyncDispose]()
  })

  test('it is created with a release, and a song is added from a menu', async () => {
    await page.goto(`${server.origin}/library/releases`)
    await main()
      .getByRole('link', { name: /^Harbour Lights/ })
      .first()
      .click()
    await main().getByRole('button', { name: 'Add to playlist' }).click()
    await page.getByRole('dialog', { name: 'Add to playlist' }).waitFor()
    await page.keyboard.type('Friday')
    await page.getByRole('button', { name: /^New playlist/ }).click()
    await heading('Friday').waitFor()
    await untilShown(titles)
    await page.goBack()
    await addFromMenu(first, 'Friday')
    await page.getByText(`Added ${first} to Friday, 5 songs.`).waitFor()
    await openPlaylist('Friday')
    await untilShown([...titles, first])
  })

  test('songs are moved by keys and by dragging, removed, and brought back', async () => {
    await row(0).locator('[data-play]').focus()
    await page.keyboard.press('Alt+ArrowDown')
    await untilShown([second, first, third, fourth, first])
    await row(3).scrollIntoViewIfNeeded()
    await row(0).hover()
    const grip = await row(0).locator('span[class*=grip]').boundingBox()
    const target = await row(2).boundingBox()
    await page.mouse.move(grip!.x + 8, grip!.y + 20)
    await page.mouse.down()
    await page.mouse.move(target!.x + 8, target!.y + target!.height - 4, { steps: 4 })
    await page.mouse.up()
    await untilShown([first, third, second, fourth, first])
    await row(4).locator('[data-play]').focus()
    await page.keyboard.press('Delete')
    await untilShown([first, third, second, fourth])
    await page.keyboard.press('Control+z')
    await untilShown([first, third, second, fourth, first])
    await page.keyboard.press('Control+Shift+z')
    await untilShown([first, third, second, fourth])
  })

  test('after a reload all is there, in a second tab too', async () => {
    await page.reload()
    await heading('Friday').waitFor({ timeout: 30_000 })
    await untilShown([first, third, second, fourth])
    const other = await context.newPage()
    await other.goto(page.url())
    await other.getByRole('heading', { name: 'Friday', level: 1 }).waitFor({ timeout: 30_000 })
    await row(0).locator('[data-play]').focus()
    await page.keyboard.press('Alt+ArrowDown')
    await untilShown([third, first, second, fourth])
    const inOther = () => other.getByRole('grid').locator('[data-play]').first().getAttribute('aria-label')
    await expect.poll(inOther, { timeout: 30_000 }).toBe(`Play ${third}`)
    await other.close()
  })

  test('without the server a playlist is changed and created, and both are there after a reload', async () => {
    await server.stop()
    await page.reload()
    await heading('Friday').waitFor({ timeout: 60_000 })
    await untilShown([third, first, second, fourth])
    await row(0).locator('[data-play]').focus()
    await page.keyboard.press('Delete')
    await untilShown([first, second, fourth])
    await page.getByRole('button', { name: 'Create playlist' }).first().click()
    await page.keyboard.type('Offline')
    await page.keyboard.press('Enter')
    await heading('Offline').waitFor()
    await page.reload()
    await heading('Offline').waitFor({ timeout: 60_000 })
    await openPlaylist('Friday')
    await untilShown([first, second, fourth])
    server = await start()
    await page.reload()
    await heading('Friday').waitFor({ timeout: 60_000 })
    await untilShown([first, second, fourth])
    expect(await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Offline' }).count()).toBe(1)
  })
})
