import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { BrowserContext, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { chromiumPath, openDevice } from '../harness/browser.ts'
import { claimCodeOf } from '../harness/device.ts'
import { freePort, startServer, type RunningServer } from '../harness/server-process.ts'
import { makeSound, writeWav } from '../harness/sound.ts'
import { temporaryFolder } from '../harness/temporary-folder.ts'
import { until } from '../harness/until.ts'

// An owner and a visitor who has no right on the media server share a playlist, each in a profile of their own. Each test goes on where the one before ended.

const timeout = 30_000
const relay = join(import.meta.dirname, '..', 'sync-server', 'src', 'main.ts')
const songs = ['01 Velvet Morning', '02 Copper Lanterns', '03 Hollow Cathedral', '04 Winter Orchard'] as const
const [first, second, third, fourth] = songs.map((song) => song.slice(3)) as [string, string, string, string]

describe.skipIf(chromiumPath === undefined)('two people share a playlist', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>
  let server: RunningServer
  let contexts: BrowserContext[] = []
  let owner: Page
  let visitor: Page

  const openProfile = async (name: string): Promise<Page> => {
    const context = await openDevice({ profile: join(folder.path, name) })
    contexts = [...contexts, context]
    return context.pages()[0] ?? (await context.newPage())
  }
  const shown = (page: Page) => async (): Promise<string[]> =>
    page
      .getByRole('grid')
      .locator('[data-play]')
      .evaluateAll((buttons) =>
        buttons.map((button) => button.getAttribute('aria-label')?.replace(/^(Play|Pause) /, '') ?? ''),
      )
  const bothShow = async (titles: readonly string[]): Promise<void> => {
    for (const page of [owner, visitor]) await expect.poll(shown(page), { timeout }).toEqual(titles)
  }
  const removeRow = async (page: Page, title: string): Promise<void> => {
    await page
      .getByRole('grid')
      .getByRole('button', { name: `Play ${title}` })
      .focus()
    await page.keyboard.press('Delete')
  }
  const heading = (page: Page, name: string): Locator => page.getByRole('heading', { name, level: 1 })
  const dialog = (): Locator => owner.getByRole('dialog', { name: 'Share playlist' })
  const changeRole = async (text: string): Promise<void> =>
    void (await dialog().getByLabel('Role of Ben').selectOption({ label: text }))
  const mayEdit = (): Locator => visitor.getByRole('button', { name: 'Edit details' })

  beforeAll(async () => {
    folder = await temporaryFolder('sharing')
    const album = join(folder.path, 'music', 'Luna Parade', 'Harbour Lights')
    await mkdir(album, { recursive: true })
    for (const [index, song] of songs.entries()) await writeWav(join(album, `${song}.wav`), makeSound(5, index + 1))
    const args = ['--no-demo', '--relay', relay, join(folder.path, 'music')]
    server = await startServer({ data: join(folder.path, 'data'), port: await freePort(), args })
    owner = await openProfile('owner')
    await owner.goto(`${server.origin}/#claim=${await claimCodeOf(server)}`)
    await owner.getByText('You are the administrator of this server now.').waitFor({ timeout })
    await until('all tracks are in the library', async () => {
      await owner.goto(`${server.origin}/library/tracks`)
      const grid = owner.getByRole('grid')
      await grid.waitFor({ timeout: 5000 }).catch(() => undefined)
      return (await grid.locator('[data-play]').count()) === songs.length
    })
  })
  afterAll(async () => {
    await Promise.all(contexts.map((context) => context.close()))
    await server?.stop()
    await folder?.[Symbol.asyncDispose]()
  })

  test('the owner shares it and makes a link; the visitor sees what it is, joins, and both change it', async () => {
    await owner.goto(`${server.origin}/library/releases`)
    await owner
      .getByRole('main')
      .getByRole('link', { name: /^Harbour Lights/ })
      .first()
      .click()
    await owner.getByRole('main').getByRole('button', { name: 'Add to playlist' }).click()
    await owner.getByRole('dialog', { name: 'Add to playlist' }).waitFor()
    await owner.keyboard.type('Friday')
    await owner.getByRole('button', { name: /^New playlist/ }).click()
    await heading(owner, 'Friday').waitFor({ timeout })
    await owner.getByRole('main').getByRole('button', { name: 'Share' }).click()
    await dialog().getByLabel('Your name in shared playlists').fill('Anna')
    await dialog().getByRole('button', { name: 'Save' }).click()
    await dialog().getByRole('button', { name: 'Share this playlist' }).click()
    await dialog().getByRole('button', { name: 'Make a link' }).click({ timeout })
    const link = await dialog().getByLabel('Invitation link').inputValue({ timeout })

    visitor = await openProfile('visitor')
    await visitor.goto(link)
    await heading(visitor, 'Friday').waitFor({ timeout })
    await visitor.getByText('Shared by Anna').waitFor({ timeout })
    await visitor.getByLabel('Your name in shared playlists').fill('Ben')
    await visitor.getByRole('button', { name: 'Save' }).click()
    await visitor.getByText('Others see you as Ben.').waitFor({ timeout })
    await visitor.getByRole('button', { name: 'Join' }).click()
    await mayEdit().waitFor({ timeout })
    await dialog().getByText('Ben').first().waitFor({ timeout })
    await dialog().getByRole('button', { name: 'Close' }).click()

    await bothShow([first, second, third, fourth])
    await visitor.getByText('by Anna', { exact: true }).first().waitFor({ timeout })
    await visitor.getByText('You may not hear it here').first().waitFor({ timeout })
    await removeRow(visitor, second)
    await bothShow([first, third, fourth])
    await removeRow(owner, fourth)
    await bothShow([first, third])
  })

  test('what both change without a network merges', async () => {
    await visitor.context().setOffline(true)
    await visitor
      .getByRole('grid')
      .getByRole('button', { name: `Play ${first}` })
      .focus()
    await visitor.keyboard.press('Alt+ArrowDown')
    await expect.poll(shown(visitor), { timeout }).toEqual([third, first])
    await owner.keyboard.press('Control+z')
    await expect.poll(shown(owner), { timeout }).toEqual([first, third, fourth])
    expect(await shown(visitor)()).toEqual([third, first])
    await visitor.context().setOffline(false)
    await expect
      .poll(async () => (await shown(visitor)()).toSorted(), { timeout })
      .toEqual([third, first, fourth].toSorted())
    const merged = await shown(visitor)()
    expect(merged.indexOf(third)).toBeLessThan(merged.indexOf(first))
    await bothShow(merged)
  })

  test('a listener changes nothing, and who was removed keeps what he had', async () => {
    await owner.getByRole('main').getByRole('button', { name: 'People' }).click()
    await changeRole('Listener')
    await visitor.getByText('You listen here').waitFor({ timeout })
    expect(await mayEdit().count()).toBe(0)
    await dialog().getByRole('button', { name: 'Remove Ben' }).click()
    await dialog().getByRole('button', { name: 'Remove Ben' }).click()
    await visitor.getByText('You do not take part any more').waitFor({ timeout })
    await dialog().getByRole('button', { name: 'Close' }).click()
    const before = await shown(visitor)()
    await removeRow(owner, third)
    await expect.poll(shown(owner), { timeout }).not.toContain(third)
    expect(await shown(visitor)()).toEqual(before)
    await visitor.reload()
    await visitor.getByText('You do not take part any more').waitFor({ timeout })
    await expect.poll(shown(visitor), { timeout }).toEqual(before)
  })
})
