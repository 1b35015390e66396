import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { elementTime, recordEverything } from './capture.ts'
import { claimCodeOf } from './device.ts'
import { makeSound, writeWav } from './sound.ts'
import { chromiumPath, freePort, openDevice, startServer, temporaryFolder, until, type RunningServer } from './world.ts'

// Files go from the real page to the real server, and come back as music or with a reason.

describe.skipIf(chromiumPath === undefined)('the administrator uploads through the page', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>
  let server: RunningServer
  let context: BrowserContext
  let page: Page
  let port: number

  const start = (): Promise<RunningServer> => startServer({ data: join(folder.path, 'data'), port, args: ['--no-demo'] })
  const row = (name: string) => page.getByRole('row', { name: new RegExp(name) })
  const choose = (...files: string[]): Promise<void> => page.getByLabel('Files to upload').setInputFiles(files)
  const uploaded = (): Promise<string[]> => readdir(join(folder.path, 'data', 'uploads', 'done'))

  beforeAll(async () => {
    folder = await temporaryFolder('upload')
    await mkdir(join(folder.path, 'files'))
    await writeWav(join(folder.path, 'files', 'Sent up.wav'), makeSound(30, 7))
    await writeWav(join(folder.path, 'files', 'Long way.wav'), makeSound(240, 8))
    await writeFile(join(folder.path, 'files', 'setlist.flac'), '#EXTM3U\n#EXTINF:10,One\n/etc/passwd\n')
    port = await freePort()
    server = await start()
    context = await openDevice({ profile: join(folder.path, 'profile'), isRecorded: true })
    await recordEverything(context)
    page = context.pages()[0] ?? (await context.newPage())
    await page.goto(`${server.origin}/#claim=${await claimCodeOf(server)}`)
    await page.getByText('You are the administrator of this server now.').waitFor({ timeout: 30_000 })
  })

  afterAll(async () => {
    await context?.close()
    await server?.stop()
    await folder?.[Symbol.asyncDispose]()
  })

  test('a recording arrives in the library and plays', async () => {
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Upload' }).click()
    await choose(join(folder.path, 'files', 'Sent up.wav'))
    await row('Sent up').getByRole('link', { name: 'In the library' }).waitFor({ timeout: 60_000 })
    await page.getByRole('link', { name: 'Library', exact: true }).click()
    await page.goto(`${server.origin}/library/tracks`)
    await page.getByRole('button', { name: 'Play Sent up', exact: true }).click()
    await expect.poll(() => elementTime(page), { timeout: 20_000 }).toBeGreaterThan(0.05)
  })

  test('a playlist that calls itself a recording is refused with its reason', async () => {
    await page.goto(`${server.origin}/upload`)
    await choose(join(folder.path, 'files', 'setlist.flac'))
    await row('setlist').getByText('This is a playlist, not a recording').waitFor({ timeout: 30_000 })
    expect(await row('setlist').textContent()).toContain('Add the recordings it names')
  })

  test('an upload outlives a server that is killed, and goes on by itself', async () => {
    await page.goto(`${server.origin}/upload`)
    const before = (await uploaded()).length
    const cdp = await context.newCDPSession(page)
    await cdp.send('Network.enable')
    await cdp.send('Network.emulateNetworkConditions', { offline: false, latency: 5, downloadThroughput: -1, uploadThroughput: 6_000_000 })
    await choose(join(folder.path, 'files', 'Long way.wav'))
    await until('some of it has arrived', async () => Number(await row('Long way').getByRole('progressbar').getAttribute('aria-valuenow').catch(() => '0')) > 15)
    await server.kill()
    await row('Long way').getByText('Waits for the server').waitFor({ timeout: 60_000 })
    server = await start()
    await cdp.send('Network.emulateNetworkConditions', { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: -1 })
    await until('all of it is there', async () => (await uploaded()).length === before + 1)
    await row('Long way').getByText(/being prepared|In the library/).waitFor({ timeout: 60_000 })
  })
})
