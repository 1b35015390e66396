import { join } from 'node:path'
import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { chromiumPath, openDevice } from '../harness/browser.ts'
import { claimCodeOf } from '../harness/device.ts'
import { freePort, startServer, type RunningServer } from '../harness/server-process.ts'
import { temporaryFolder } from '../harness/temporary-folder.ts'

// A second profile becomes a device of the account of the first one, by a typed code.

describe.skipIf(chromiumPath === undefined)('a second device of an account', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>
  let server: RunningServer
  let contexts: BrowserContext[] = []

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
    await page.getByRole('main').getByRole('button', { name: 'New playlist' }).first().click()
    const dialog = page.getByRole('dialog', { name: 'New playlist' })
    await dialog.getByRole('textbox', { name: 'Name' }).fill(name)
    await dialog.getByRole('button', { name: 'Create' }).click()
    await page.getByRole('heading', { name }).waitFor()
  }
  const showsPlaylist = async (page: Page, name: string): Promise<void> => {
    await page.goto(`${server.origin}/library/playlists`)
    await page.getByRole('main').getByRole('link', { name }).first().waitFor()
  }
  const devices = (page: Page) => page.getByRole('list', { name: 'Devices of this account' }).getByRole('listitem')

  beforeAll(async () => {
    folder = await temporaryFolder('pairing')
    server = await startServer({
      data: join(folder.path, 'data'),
      port: await freePort(),
      args: ['--relay', join(import.meta.dirname, '..', 'sync-server', 'src', 'main.ts')],
    })
  })
  afterAll(async () => {
    await Promise.all(contexts.map((context) => context.close()))
    await server?.stop()
    await folder?.[Symbol.asyncDispose]()
  })

  test('is added by a typed code, has its playlists and its own along, plays, and is told when it is removed', async () => {
    const owner = await openProfile('owner')
    await owner.goto(`${server.origin}/#claim=${await claimCodeOf(server)}`)
    await owner.getByText('You are the administrator of this server now.').waitFor()
    await makePlaylist(owner, 'Of the account')
    const phone = await openProfile('phone')
    await makePlaylist(phone, 'Of the visitor')

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
    await showsPlaylist(phone, 'Of the account')
    await phone.getByRole('main').getByRole('link', { name: 'Of the visitor' }).first().waitFor()
    await showsPlaylist(owner, 'Of the visitor')
    // Rights and licenses are those of the account.
    await phone.goto(`${server.origin}/import`)
    await phone.getByRole('button', { name: 'Scan again' }).waitFor()
  })
})
