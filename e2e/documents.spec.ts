import { join } from 'node:path'
import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { chromiumPath, openDevice } from '../harness/browser.ts'
import { claimCodeOf } from '../harness/device.ts'
import { openDocumentTab, type DocumentTab } from '../harness/document-tab.ts'
import { freePort, startServer, type RunningServer } from '../harness/server-process.ts'
import { temporaryFolder } from '../harness/temporary-folder.ts'

// The tabs of one profile share the documents of their account: one of them leads, with one worker and one connection to the relay.

const timeout = 60_000
const id = (letter: string): string => letter.repeat(25) + 'a'

describe.skipIf(chromiumPath === undefined)('the documents of a profile', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>
  let server: RunningServer
  let port: number
  let context: BrowserContext
  let sockets = new Set<object>()

  const start = async (): Promise<void> => {
    server = await startServer({
      data: join(folder.path, 'data'),
      port,
      args: ['--no-demo', '--relay', join(import.meta.dirname, '..', 'sync-server', 'src', 'main.ts')],
    })
  }
  const openTab = async (address = server.origin): Promise<DocumentTab> => {
    const page: Page = await context.newPage()
    await page.goto(address)
    await page.getByRole('link', { name: 'Settings', exact: true }).waitFor()
    return openDocumentTab(page)
  }
  const workers = (tabs: readonly DocumentTab[]) =>
    tabs.map(({ page }) => page.workers().filter((worker) => worker.url().includes('documents-worker')).length)
  const shows = (tab: DocumentTab, name: string, value: string) =>
    expect.poll(() => tab.values(), { timeout }).toMatchObject({ [name]: JSON.stringify(value) })
  const hasStatus = (tab: DocumentTab, status: object) =>
    expect.poll(() => tab.status(), { timeout }).toMatchObject(status)

  beforeAll(async () => {
    folder = await temporaryFolder('documents')
    port = await freePort()
    await start()
    context = await openDevice({ profile: join(folder.path, 'profile') })
  })
  afterAll(async () => {
    await context?.close()
    await server?.stop()
    await folder?.[Symbol.asyncDispose]()
  })

  test('five tabs have one leader, show the same, and lose no edit when it is closed, when the server stops, and over a reload', async () => {
    const owner = context.pages()[0] ?? (await context.newPage())
    await owner.goto(`${server.origin}/#claim=${await claimCodeOf(server)}`)
    await owner.getByText('You are the administrator of this server now.').waitFor()
    let tabs = [await openDocumentTab(owner)]
    for (let count = 0; count < 4; count += 1) tabs = [...tabs, await openTab()]

    expect(await tabs[1]!.change(id('b'), 'theme', 'dark')).toEqual({ kind: 'kept' })
    for (const tab of tabs) await shows(tab, 'theme', 'dark')
    for (const tab of tabs) await hasStatus(tab, { kind: 'synced' })
    expect(workers(tabs)).toEqual([1, 0, 0, 0, 0])
    console.log('sockets', sockets.size)
  })
})
