import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { chromiumPath, openDevice } from '../harness/browser.ts'
import { claimCodeOf } from '../harness/device.ts'
import { freePort, startServer, type RunningServer } from '../harness/server-process.ts'
import { makeSound, writeWav } from '../harness/sound.ts'
import { temporaryFolder } from '../harness/temporary-folder.ts'
import { until } from '../harness/until.ts'

// A second profile becomes a device of the account of the first one, by a typed code. Each test goes on where the one before ended.

const timeout = 30_000
const player = (page: Page) => page.getByRole('region', { name: 'Player' })
const button = (page: Page, name: string) => player(page).getByRole('button', { name, exact: true })
const where = (page: Page) => player(page).getByRole('status', { name: 'Where it plays' })
/** Milliseconds. */
const position = async (page: Page): Promise<number> =>
  Number(await player(page).getByRole('slider', { name: 'Seek' }).inputValue())

describe.skipIf(chromiumPath === undefined)('a second device of an account', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>
  let server: RunningServer
  let contexts: BrowserContext[] = []
  let owner: Page
  let phone: Page

  const openProfile = async (name: string): Promise<Page> => {
    const context = await openDevice({ profile: join(folder.path, name) })
    contexts = [...contexts, context]
    const page = context.pages()[0] ?? (await context.newPage())
    await page.goto(server.origin)
    await page.getByRole('link', { name: 'Settings', exact: true }).waitFor()
    return page
  }
  const makePlaylist = async (page: Page, name: string): Promise<void> => {
    await page.goto(`${server.origin}/library/playlists`)
    await page.getByRole('main').getByRole('button', { name: 'Create playlist' }).first().click()
    const dialog = page.getByRole('dialog', { name: 'Create playlist' })
    await dialog.getByRole('textbox').fill(name)
    await dialog.getByRole('button', { name: 'Create' }).click()
    await page.getByRole('heading', { name }).waitFor()
  }
  const showsPlaylist = async (page: Page, name: string): Promise<void> => {
    await page.goto(`${server.origin}/library/playlists`)
    await page.getByRole('main').getByRole('link', { name }).first().waitFor()
  }
  const devices = (page: Page) => page.getByRole('list', { name: 'Devices of this account' }).getByRole('listitem')

  const pair = async (): Promise<void> => {
    await phone.goto(`${server.origin}/settings`)
    await phone.getByRole('button', { name: 'Use my account from another device' }).click()
    await phone.getByRole('button', { name: 'Show a code' }).click()
    const code = phone.getByRole('status', { name: 'Code' })
    await expect.poll(() => code.textContent()).toMatch(/^\w{4}(-\w{4}){3}$/)
    await owner.goto(`${server.origin}/settings`)
    await owner.getByRole('button', { name: 'Add a device' }).click()
    const adding = owner.getByRole('dialog', { name: 'Add a device' })
    await adding.getByRole('textbox', { name: 'Code' }).fill((await code.textContent()) ?? '')
    await adding.getByRole('button', { name: 'Continue' }).click()
    await adding.getByRole('button', { name: 'Add this device' }).click()
    await owner.getByText(/^Added .*\.$/).waitFor()

    await expect.poll(() => devices(phone).count(), { timeout: 30_000 }).toBe(2)
  }

  beforeAll(async () => {
    folder = await temporaryFolder('pairing')
    const album = join(folder.path, 'music', 'The Testers', 'Bench Pieces')
    await mkdir(album, { recursive: true })
    await writeWav(join(album, '01 First.wav'), makeSound(60, 1))
    await writeWav(join(album, '02 Second.wav'), makeSound(60, 2))
    const relay = join(import.meta.dirname, '..', 'sync-server', 'src', 'main.ts')
    server = await startServer({
      data: join(folder.path, 'data'),
      port: await freePort(),
      args: ['--no-demo', '--relay', relay, join(folder.path, 'music')],
    })
  })
  afterAll(async () => {
    await Promise.all(contexts.map((context) => context.close()))
    await server?.stop()
    await folder?.[Symbol.asyncDispose]()
  })

  test('is added by a typed code, has the playlists of the account, and takes its own along', async () => {
    owner = await openProfile('owner')
    await owner.goto(`${server.origin}/#claim=${await claimCodeOf(server)}`)
    await owner.getByText('You are the administrator of this server now.').waitFor()
    await makePlaylist(owner, 'Of the account')
    phone = await openProfile('phone')
    await makePlaylist(phone, 'Of the visitor')

    await pair()
    await showsPlaylist(phone, 'Of the account')
    await phone.getByRole('main').getByRole('link', { name: 'Of the visitor' }).first().waitFor()
    await showsPlaylist(owner, 'Of the visitor')
    // Rights and licenses are those of the account.
    await phone.goto(`${server.origin}/import`)
    await phone.getByRole('button', { name: 'Scan again' }).waitFor()
  })

  test('shows and controls what the other one plays, and takes the playback over at its position', async () => {
    await until('both tracks are in the library', async () => {
      await owner.goto(`${server.origin}/library/tracks`)
      const grid = owner.getByRole('grid')
      await grid.waitFor({ timeout: 5000 }).catch(() => undefined)
      return (await grid.getByRole('button', { name: /^Play (First|Second)$/ }).count()) === 2
    })
    await phone.goto(`${server.origin}/library/tracks`)
    await owner.getByRole('button', { name: 'Play First', exact: true }).click()
    await button(phone, 'Pause').waitFor({ timeout })
    expect(await where(phone).innerText()).toMatch(/^Playing on\s/)
    await phone.setViewportSize({ width: 390, height: 844 })
    await player(phone)
      .getByRole('button', { name: /^Playing on/ })
      .waitFor({ timeout })
    await phone.setViewportSize({ width: 1280, height: 800 })
    await button(phone, 'Pause').click()
    await button(owner, 'Play').waitFor({ timeout })
    await button(phone, 'Next').click()
    await expect.poll(() => player(owner).innerText(), { timeout }).toContain('Second')
    await player(phone).getByRole('slider', { name: 'Seek' }).fill('30000')
    await expect.poll(() => position(owner), { timeout }).toBeGreaterThanOrEqual(29_000)
    await button(phone, 'Devices').click()
    await phone.getByRole('dialog', { name: 'Devices' }).getByRole('button').filter({ hasText: 'This device' }).click()
    await expect.poll(() => where(owner).innerText(), { timeout }).toMatch(/^Playing on\s/)
    await button(phone, 'Pause').waitFor({ timeout })
    const [here, there] = [await position(phone), await position(owner)]
    expect(here).toBeGreaterThanOrEqual(29_000)
    expect(here).toBeLessThan(60_000)
    expect(there).toBeGreaterThanOrEqual(29_000)
    await button(owner, 'Pause').click()
    await button(phone, 'Play').waitFor({ timeout })
  })

  test('is told when it is removed, and can be added again as another device', async () => {
    await owner.goto(`${server.origin}/settings`)
    await owner.getByRole('button', { name: /^Remove / }).click()
    await owner
      .getByRole('dialog')
      .getByRole('button', { name: /^Remove/ })
      .click()
    await expect.poll(() => devices(owner).count(), { timeout }).toBe(1)
    await phone.reload()
    await phone.getByText('This device was removed from its account').first().waitFor({ timeout })
    await pair()
    await showsPlaylist(phone, 'Of the visitor')
  })
})
