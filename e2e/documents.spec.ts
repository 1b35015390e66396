import { join } from 'node:path'
import type { BrowserContext, Page, WebSocket } from 'playwright-core'
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
  const sockets = new Map<WebSocket, Page>()

  const start = async (): Promise<void> => {
    server = await startServer({
      data: join(folder.path, 'data'),
      port,
      args: ['--no-demo', '--relay', join(import.meta.dirname, '..', 'sync-server', 'src', 'main.ts')],
    })
  }
  const watchSockets = (page: Page): Page => page.on('websocket', (socket) => void sockets.set(socket, page))
  const openTab = async (): Promise<DocumentTab> => {
    const page = watchSockets(await context.newPage())
    await page.goto(server.origin)
    return openLoadedTab(page)
  }
  const openLoadedTab = async (page: Page): Promise<DocumentTab> => {
    await page.getByRole('link', { name: 'Settings', exact: true }).waitFor()
    return openDocumentTab(page)
  }
  /** The tabs that run the worker. */
  const leaders = (tabs: readonly DocumentTab[]): readonly DocumentTab[] =>
    tabs.filter(({ page }) => page.workers().some((worker) => worker.url().includes('documents-worker')))
  /** Playwright does not say that a socket is closed when its page is. */
  const openSockets = () => [...sockets].filter(([socket, page]) => !page.isClosed() && !socket.isClosed()).length
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
    const owner = watchSockets(context.pages()[0] ?? (await context.newPage()))
    await owner.goto(`${server.origin}/#claim=${await claimCodeOf(server)}`)
    await owner.getByText('You are the administrator of this server now.').waitFor()
    const first = await openDocumentTab(owner)
    let tabs = [first]
    for (let count = 0; count < 4; count += 1) tabs = [...tabs, await openTab()]

    expect(await tabs[1]!.change(id('b'), 'one', 'kept')).toEqual({ kind: 'kept' })
    for (const tab of tabs) await shows(tab, 'one', 'kept')
    for (const tab of tabs) await hasStatus(tab, { kind: 'synced' })
    expect(leaders(tabs)).toEqual([first])
    expect(openSockets()).toBe(1)

    // The leading tab is closed while edits are on their way.
    const [closed, ...rest] = [first, ...tabs.slice(1)]
    const made = rest.map((tab, index) => tab.change(id('cdef'[index]!), `closing${index}`, 'kept'))
    await closed!.page.close()
    tabs = rest
    for (const result of made) expect(await result).toEqual({ kind: 'kept' })
    for (const tab of tabs) for (const index of tabs.keys()) await shows(tab, `closing${index}`, 'kept')
    for (const tab of tabs) await hasStatus(tab, { kind: 'synced' })
    expect(leaders(tabs).length).toBe(1)
    await expect.poll(openSockets, { timeout }).toBe(1)

    // No server: everything goes on, and says that it waits.
    await server.stop()
    expect(await tabs[0]!.change(id('g'), 'noServer', 'kept')).toEqual({ kind: 'kept' })
    for (const tab of tabs) await shows(tab, 'noServer', 'kept')
    for (const tab of tabs) await hasStatus(tab, { kind: 'waiting', changes: 1, isConnected: false })
    const [leader] = leaders(tabs)
    sockets.clear()
    await leader!.page.reload()
    const again = await openLoadedTab(leader!.page)
    await shows(again, 'noServer', 'kept')
    await shows(again, 'one', 'kept')
    await hasStatus(again, { kind: 'waiting', changes: 1, isConnected: false })

    await start()
    await hasStatus(again, { kind: 'synced' })
    expect(openSockets()).toBe(1)
  })
})
