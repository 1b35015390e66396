import { mkdir, mkdtemp } from 'node:fs/promises'
import { join } from 'node:path'
import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { elementTime, recordEverything } from './capture.ts'
import { listenTo } from './listen-to.ts'
import { makeSound, writeWav } from '../harness/sound.ts'
import { chromiumPath, openDevice } from '../harness/browser.ts'
import { freePort, startServer, untilPublished, type RunningServer } from '../harness/server-process.ts'
import { temporaryFolder } from '../harness/temporary-folder.ts'

// A browser that runs no service worker. The page fills the media element itself (MediaSource); where it cannot, it plays the whole track
// from a blob.

const sound = makeSound(90, 3)

describe.skipIf(chromiumPath === undefined)('a page without a service worker plays', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>
  let server: RunningServer
  let context: BrowserContext
  let page: Page

  beforeAll(async () => {
    folder = await temporaryFolder('without-worker')
    const album = join(folder.path, 'music', 'The Testers', 'Elsewhere')
    await mkdir(album, { recursive: true })
    await writeWav(join(album, '01 First.wav'), sound)
    server = await startServer({
      data: join(folder.path, 'data'),
      port: await freePort(),
      args: ['--no-demo', '--public', join(folder.path, 'music')],
    })
    await untilPublished(server.origin, { releases: 1, tracks: 1 })
  })
  // A browser of its own for each test: the player of a new page resumes where the page before it stopped.
  beforeEach(async () => {
    const profile = await mkdtemp(join(folder.path, 'profile-'))
    context = await openDevice({ profile, isRecorded: true, serviceWorkers: 'block' })
    await recordEverything(context)
    page = await context.newPage()
  })
  afterEach(() => context?.close())

  afterAll(async () => {
    await server?.stop()
    await folder?.[Symbol.asyncDispose]()
  })

  const play = async (): Promise<void> => {
    await page.goto(`${server.origin}/library/tracks`)
    await page.getByRole('button', { name: 'Play First', exact: true }).click()
    await expect.poll(() => elementTime(page), { timeout: 60_000 }).toBeGreaterThan(0.5)
  }

  const seekForward = async (): Promise<void> => {
    const before = await elementTime(page)
    await page.getByRole('region', { name: 'Player' }).getByRole('slider', { name: 'Seek' }).focus()
    await page.keyboard.press('PageUp')
    await page.keyboard.press('PageUp')
    await expect.poll(() => elementTime(page), { timeout: 60_000 }).toBeGreaterThan(before + 55)
  }

  test('exactly, before the whole track is loaded, and after a seek to a part that is not loaded yet', async () => {
    const chunks = new Set<string>()
    page.on('request', (request) => request.url().includes('/chunks/') && chunks.add(request.url()))
    await play()
    // The track has 28 segments, a tail and a waveform. Loading stops 60 s ahead of the position, which is 19 segments.
    expect(chunks.size).toBeLessThan(28)
    await seekForward()
    const { drift, worstFit, startsAt } = await listenTo(page, sound, 4)
    expect(drift).toBe(0)
    expect(worstFit).toBeGreaterThan(0.9)
    expect(startsAt).toBeGreaterThan(55)
  })

  test('from a blob where the browser has no MediaSource', async () => {
    await page.addInitScript(() => void Reflect.deleteProperty(globalThis, 'MediaSource'))
    await play()
    await seekForward()
    await page.getByRole('region', { name: 'Player' }).getByRole('slider', { name: 'Seek' }).focus()
    await page.keyboard.press('Home')
    await expect.poll(() => elementTime(page), { timeout: 60_000 }).toBeLessThan(20)
    await expect.poll(() => elementTime(page), { timeout: 60_000 }).toBeGreaterThan(0.2)
  })
})
