import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { BrowserContext, CDPSession, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { elementTime, recordEverything } from './capture.ts'
import { claimCodeOf } from '../harness/device.ts'
import { makeSound, writeWav } from '../harness/sound.ts'
import { chromiumPath, openDevice } from '../harness/browser.ts'
import { freePort, startServer, type RunningServer } from '../harness/server-process.ts'
import { temporaryFolder } from '../harness/temporary-folder.ts'
import { until } from '../harness/until.ts'

// Files are uploaded from the real page to the real server. They become music, or the page says why not.

describe.skipIf(chromiumPath === undefined)('the administrator uploads through the page', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>
  let server: RunningServer
  let context: BrowserContext
  let page: Page
  let port: number
  let cdp: CDPSession

  const start = (): Promise<RunningServer> =>
    startServer({ data: join(folder.path, 'data'), port, args: ['--no-demo'] })
  const row = (name: string) => page.getByRole('row', { name: new RegExp(name) })
  const choose = (...files: string[]): Promise<void> => page.getByLabel('Files to upload').setInputFiles(files)
  const uploaded = (): Promise<string[]> => readdir(join(folder.path, 'data', 'uploads', 'done'))

  beforeAll(async () => {
    folder = await temporaryFolder('upload')
    await mkdir(join(folder.path, 'files'))
    await writeWav(join(folder.path, 'files', 'Sent up.wav'), makeSound(30, 7))
    await writeWav(join(folder.path, 'files', 'Long way.wav'), makeSound(240, 8))
    await writeWav(join(folder.path, 'files', 'Twice chosen.wav'), makeSound(240, 9))
    await writeWav(join(folder.path, 'files', 'For all.wav'), makeSound(10, 11))
    await writeWav(join(folder.path, 'files', 'For us.wav'), makeSound(10, 12))
    await mkdir(join(folder.path, 'Rain'))
    await writeWav(join(folder.path, 'Rain', '01 Drops.wav'), makeSound(10, 10))
    await writeFile(join(folder.path, 'Rain', 'cover.jpg'), 'a picture')
    await writeFile(join(folder.path, 'files', 'setlist.flac'), '#EXTM3U\n#EXTINF:10,One\n/etc/passwd\n')
    port = await freePort()
    server = await start()
    context = await openDevice({ profile: join(folder.path, 'profile'), isRecorded: true })
    await recordEverything(context)
    page = context.pages()[0] ?? (await context.newPage())
    cdp = await context.newCDPSession(page)
    await cdp.send('Network.enable')
    await page.goto(`${server.origin}/#claim=${await claimCodeOf(server)}`)
    await page.getByText('You are the administrator of this server now.').waitFor({ timeout: 30_000 })
  })

  afterAll(async () => {
    await context?.close()
    await server?.stop()
    await folder?.[Symbol.asyncDispose]()
  })

  test('a recording that was uploaded is in the library and plays', async () => {
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Upload' }).click()
    await choose(join(folder.path, 'files', 'Sent up.wav'))
    await row('Sent up').getByRole('link', { name: 'In the library' }).waitFor({ timeout: 60_000 })
    await page.goto(`${server.origin}/library/tracks`)
    await page.getByRole('button', { name: 'Play Sent up', exact: true }).click()
    await expect.poll(() => elementTime(page), { timeout: 20_000 }).toBeGreaterThan(0.05)
  })

  test('a playlist with the file extension of a recording is refused, with the reason', async () => {
    await page.goto(`${server.origin}/upload`)
    await choose(join(folder.path, 'files', 'setlist.flac'))
    await row('setlist').getByText('This is a playlist, not a recording').waitFor({ timeout: 30_000 })
    expect(await row('setlist').textContent()).toContain('Add the recordings it names')
  })

  test('an upload is private, or public by choice with the keyboard, and the list says which', async () => {
    await page.goto(`${server.origin}/upload`)
    const choice = page.getByRole('switch', { name: 'Everyone who opens this server may listen' })
    expect(await choice.isChecked()).toBe(false)
    await choice.focus()
    await page.keyboard.press('Space')
    await choose(join(folder.path, 'files', 'For all.wav'))
    await page.keyboard.press('Space')
    await choose(join(folder.path, 'files', 'For us.wav'))
    for (const name of ['For all', 'For us'])
      await row(name).getByRole('link', { name: 'In the library' }).waitFor({ timeout: 60_000 })
    expect(await row('For all').getByText('Public', { exact: true }).count()).toBe(1)
    expect(await row('For us').getByText('Public', { exact: true }).count()).toBe(0)
    // Without credentials, as somebody without an account.
    const { items } = (await (await fetch(`${server.origin}/api/tracks`)).json()) as { items: { title: string }[] }
    expect(items.map(({ title }) => title)).toEqual(['For all'])
  })

  const limitRate = async (bytesPerSecond: number): Promise<void> => {
    await cdp.send('Network.emulateNetworkConditions', {
      offline: false,
      latency: 0,
      downloadThroughput: -1,
      uploadThroughput: bytesPerSecond,
    })
  }
  const untilPartlySent = (name: string): Promise<void> =>
    until(
      'a part of it was sent',
      async () =>
        Number(
          await row(name)
            .getByRole('progressbar')
            .getAttribute('aria-valuenow', { timeout: 1000 })
            .catch(() => '0'),
        ) > 15,
    )

  test('a folder is uploaded under its name, without files that are no recordings', async () => {
    await page.goto(`${server.origin}/upload`)
    await page.getByLabel('Folder to upload').setInputFiles(join(folder.path, 'Rain'))
    await row('Rain/01 Drops').getByRole('link', { name: 'In the library' }).waitFor({ timeout: 60_000 })
    expect(await row('cover').count()).toBe(0)
    await page.goto(`${server.origin}/library/releases`)
    await page.getByRole('link', { name: /Rain/ }).first().waitFor()
  })

  test('an upload survives a server that is killed, and resumes by itself', async () => {
    await page.goto(`${server.origin}/upload`)
    const before = (await uploaded()).length
    await limitRate(3_000_000)
    await choose(join(folder.path, 'files', 'Long way.wav'))
    await untilPartlySent('Long way')
    await server.kill()
    await row('Long way').getByText('Waits for the server').waitFor({ timeout: 60_000 })
    server = await start()
    await limitRate(-1)
    await until('the upload is complete', async () => (await uploaded()).length === before + 1)
    await row('Long way')
      .getByText(/being prepared|In the library/)
      .waitFor({ timeout: 60_000 })
  })

  test('the upload of a file that is chosen again after a reload resumes', async () => {
    await page.goto(`${server.origin}/upload`)
    const before = (await uploaded()).length
    await limitRate(3_000_000)
    await choose(join(folder.path, 'files', 'Twice chosen.wav'))
    await untilPartlySent('Twice chosen')
    await page.reload()
    await limitRate(-1)
    const methods: string[] = []
    page.on(
      'request',
      (request) => new URL(request.url()).pathname.startsWith('/uploads') && methods.push(request.method()),
    )
    await choose(join(folder.path, 'files', 'Twice chosen.wav'))
    await until('the upload is complete', async () => (await uploaded()).length === before + 1)
    expect(methods[0]).toBe('HEAD')
    expect(methods).not.toContain('POST')
  })
})
