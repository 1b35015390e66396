import { join } from 'node:path'
import type { BrowserContext, Page, WebSocket } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
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
  // A tab of one test must not lead in the next. Without a page the browser would end.
  afterEach(async () => {
    const pages = context.pages()
    await context.newPage()
    await Promise.all(pages.map((page) => page.close()))
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
    await expect.poll(() => leaders(tabs).length, { timeout }).toBe(1)
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
    await expect.poll(openSockets, { timeout }).toBe(1)
  })
  test('a visible tab takes over from a leading one that stands still, and no edit is lost', async () => {
    // One after the other: the first one to be opened leads.
    const tabs = [await openTab(), await openTab()]
    for (const tab of tabs) await hasStatus(tab, { kind: 'synced' })
    await expect.poll(() => leaders(tabs).length, { timeout }).toBe(1)
    const [leader] = leaders(tabs)
    const other = tabs.find((tab) => tab !== leader)!
    await other.page.bringToFront()
    const session = await context.newCDPSession(leader!.page)
    // As a frozen tab: Chromium freezes none that holds a lock, so the debugger stops it at the next thing that it does.
    await session.send('Debugger.enable')
    await session.send('Debugger.pause')
    expect(await other.change(id('h'), 'still', 'kept')).toEqual({ kind: 'kept' })
    // Its worker still runs, so it may be that one which has answered.
    await expect.poll(() => leaders([other]).length, { timeout }).toBe(1)
    await shows(other, 'still', 'kept')
    await hasStatus(other, { kind: 'synced' })
    await session.send('Debugger.disable')
    await shows(leader!, 'still', 'kept')
    expect(await leader!.change(id('j'), 'again', 'kept')).toEqual({ kind: 'kept' })
    await shows(other, 'again', 'kept')
    await expect.poll(() => leaders([leader!]).length, { timeout }).toBe(0)
    expect(leaders([other]).length).toBe(1)
  })

  test('the page says whether everything is synced, in its shell, and what is kept where, in its settings', async () => {
    const { page } = await openTab()
    const status = page.getByRole('status', { name: 'Sync status' })
    await expect.poll(() => status.innerText(), { timeout }).toMatch(/^Synced · \d\d:\d\d$/)
    await page.goto(`${server.origin}/settings`)
    await page.getByRole('heading', { name: 'Kept and synced' }).waitFor()
    await page.getByText('Everything is on this device and, sealed, on the relay of this server.').waitFor()
    await page.setViewportSize({ width: 390, height: 844 })
    await expect.poll(() => status.count(), { timeout }).toBe(1)
    await expect.poll(() => status.innerText(), { timeout }).toMatch(/^Synced/)
  })

  test('a visitor keeps what he changes on his device, over a reload, and asks the relay for nothing', async () => {
    const visitor = await openDevice({ profile: join(folder.path, 'visitor') })
    const opened: WebSocket[] = []
    try {
      const page = await visitor.newPage()
      page.on('websocket', (socket) => opened.push(socket))
      await page.goto(server.origin)
      const tab = await openLoadedTab(page)
      expect(await tab.change(id('k'), 'visitor', 'kept')).toEqual({ kind: 'kept' })
      await hasStatus(tab, { kind: 'waiting', changes: 1, isConnected: false })
      await expect
        .poll(() => page.getByRole('status', { name: 'Sync status' }).innerText(), { timeout })
        .toBe('On this device')
      await page.reload()
      await shows(await openLoadedTab(page), 'visitor', 'kept')
      expect(opened).toEqual([])
    } finally {
      await visitor.close()
    }
  })
})
