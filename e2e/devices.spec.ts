import { join } from 'node:path'
import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { chromiumPath, openDevice } from '../harness/browser.ts'
import { claimCodeOf } from '../harness/device.ts'
import { joinAccount } from '../harness/join-account.ts'
import { freePort, startServer, type RunningServer } from '../harness/server-process.ts'
import { temporaryFolder } from '../harness/temporary-folder.ts'

// Two profiles are two devices of one account; one of them is removed by the other.

describe.skipIf(chromiumPath === undefined)('a lost device', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>
  let server: RunningServer
  let contexts: BrowserContext[] = []

  const openProfile = async (name: string): Promise<Page> => {
    const context = await openDevice({ profile: join(folder.path, name) })
    contexts = [...contexts, context]
    return context.pages()[0] ?? (await context.newPage())
  }
  const devices = (page: Page) => page.getByRole('list', { name: 'Devices of this account' }).getByRole('listitem')

  beforeAll(async () => {
    folder = await temporaryFolder('devices')
    server = await startServer({ data: join(folder.path, 'data'), port: await freePort(), args: ['--no-demo'] })
  })
  afterAll(async () => {
    await Promise.all(contexts.map((context) => context.close()))
    await server?.stop()
    await folder?.[Symbol.asyncDispose]()
  })

  test('is removed in the settings of another one, and its open page says so', async () => {
    const owner = await openProfile('owner')
    await owner.goto(server.origin)
    await owner.getByRole('link', { name: 'Settings', exact: true }).waitFor()
    // Pasted into the open tab: only the fragment changes.
    await owner.goto(`${server.origin}/#claim=${await claimCodeOf(server)}`)
    await owner.getByText('You are the administrator of this server now.').waitFor()
    const lost = await openProfile('lost')
    await lost.goto(server.origin)
    await lost.getByRole('link', { name: 'Settings', exact: true }).waitFor()
    await joinAccount(owner, lost, 'Lost phone')

    // The rights of the account: only an administrator sees the import, by an event stream that stays open.
    await lost.goto(`${server.origin}/import`)
    await lost.getByRole('button', { name: 'Scan again' }).waitFor()

    await owner.goto(`${server.origin}/settings`)
    await expect.poll(() => devices(owner).count(), { timeout: 30_000 }).toBe(2)
    await owner.getByRole('button', { name: 'Remove Lost phone' }).click()
    const dialog = owner.getByRole('dialog', { name: 'Remove Lost phone' })
    await dialog.getByRole('button', { name: 'Remove', exact: true }).click()
    await owner.getByText('Removed Lost phone.').waitFor()
    await expect.poll(() => devices(owner).count(), { timeout: 30_000 }).toBe(1)
    await owner.reload()
    await owner.getByText('No other device uses this account.').waitFor()

    // Without a click: its event stream was ended, and the next request was refused.
    await lost.getByText('This device was removed from its account').first().waitFor()
    await lost.goto(`${server.origin}/library/releases`)
    await lost.getByText('Another device of the account removed it').first().waitFor()
    expect(await lost.getByRole('button', { name: 'Try again' }).count()).toBe(0)
  })
})
