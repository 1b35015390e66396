import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { BrowserContext, CDPSession, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { elementTime, forgetHeard, heard, recordEverything } from './capture.ts'
import { claimCodeOf } from '../harness/device.ts'
import { compare, isExact, listenTo, type Heard } from './listen-to.ts'
import { makeSound, writeWav } from '../harness/sound.ts'
import { chromiumPath, openDevice } from '../harness/browser.ts'
import { freePort, startServer, type RunningServer } from '../harness/server-process.ts'
import { temporaryFolder } from '../harness/temporary-folder.ts'
import { until } from '../harness/until.ts'

// The real page on the real server, heard through a recorder and compared with the source to the sample.

const first = makeSound(90, 1)
const second = makeSound(45, 2)

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

const player = (page: Page) => page.getByRole('region', { name: 'Player' })
const playButton = (page: Page) => player(page).getByRole('button', { name: 'Play', exact: true })
const pauseButton = (page: Page) => player(page).getByRole('button', { name: 'Pause', exact: true })

const untilSounding = async (page: Page): Promise<void> => {
  await expect.poll(() => elementTime(page), { timeout: 20_000 }).toBeGreaterThan(0.05)
}

describe.skipIf(chromiumPath === undefined)('a person plays music in the real page', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>
  let server: RunningServer
  let context: BrowserContext
  let page: Page
  let port: number

  const start = (): Promise<RunningServer> =>
    startServer({ data: join(folder.path, 'data'), port, args: ['--no-demo', join(folder.path, 'music')] })

  const openRelease = async (): Promise<void> => {
    await page.goto(`${server.origin}/library/releases`)
    await page
      .getByRole('link', { name: /Bench Pieces/ })
      .first()
      .click()
    await page.getByRole('button', { name: 'Play First', exact: true }).waitFor()
  }

  const workers = async (): Promise<{ cdp: CDPSession; versions: Set<string> }> => {
    const cdp = await context.newCDPSession(page)
    const versions = new Set<string>()
    cdp.on(
      'ServiceWorker.workerVersionUpdated',
      (event: { versions: { versionId: string; runningStatus: string }[] }) => {
        for (const version of event.versions) if (version.runningStatus === 'running') versions.add(version.versionId)
      },
    )
    await cdp.send('ServiceWorker.enable')
    await pause(300)
    return { cdp, versions }
  }

  beforeAll(async () => {
    folder = await temporaryFolder('journey')
    const album = join(folder.path, 'music', 'The Testers', 'Bench Pieces')
    await mkdir(album, { recursive: true })
    await writeWav(join(album, '01 First.wav'), first)
    await writeWav(join(album, '02 Second.wav'), second)
    port = await freePort()
    server = await start()
    context = await openDevice({ profile: join(folder.path, 'profile'), isRecorded: true })
    await recordEverything(context)
    page = context.pages()[0] ?? (await context.newPage())
    await page.goto(`${server.origin}/#claim=${await claimCodeOf(server)}`)
    await page.getByText('You are the administrator of this server now.').waitFor({ timeout: 30_000 })
    expect(page.url()).not.toContain('claim')
    await until('both tracks are in the library', async () => {
      await page.goto(`${server.origin}/library/tracks`)
      await page
        .getByRole('grid')
        .waitFor({ timeout: 5000 })
        .catch(() => undefined)
      return (await page.getByRole('button', { name: /^Play (First|Second)$/ }).count()) === 2
    })
  })

  afterAll(async () => {
    await context?.close()
    await server?.stop()
    await folder?.[Symbol.asyncDispose]()
  })

  test('it plays from the first sample, without drift', async () => {
    const hearStart = async (): Promise<Heard> => {
      await openRelease()
      await forgetHeard(page)
      await page.getByRole('button', { name: 'Play First', exact: true }).click()
      await untilSounding(page)
      await pause(8000)
      return compare(first, await heard(page))
    }
    // Again only for the recorder's own losses (listen-to.ts).
    let result = await hearStart()
    for (let again = 0; again < 2 && !isExact(result); again += 1) result = await hearStart()
    expect(result.drift).toBe(0)
    expect(result.worstFit).toBeGreaterThan(0.9)
    expect(result.startsAt).toBeLessThan(0.03)
  })

  test('it pauses and goes on where it was', async () => {
    await pauseButton(page).click()
    await playButton(page).waitFor()
    const stoodAt = await elementTime(page)
    await pause(1200)
    expect(await elementTime(page)).toBeCloseTo(stoodAt, 1)
    await playButton(page).click()
    await expect.poll(() => elementTime(page)).toBeGreaterThan(stoodAt + 0.3)
  })

  test('it seeks by the slider and lands in the right place', async () => {
    const seek = player(page).getByRole('slider', { name: 'Seek' })
    await seek.focus()
    const before = await elementTime(page)
    await page.keyboard.press('PageUp')
    await expect.poll(() => elementTime(page)).toBeGreaterThan(before + 25)
    const result = await listenTo(page, first, 4)
    expect(result.drift).toBe(0)
    expect(result.startsAt).toBeGreaterThan(before + 25)
  })

  test('next goes to the next track', async () => {
    await openRelease()
    await page.getByRole('button', { name: 'Play First', exact: true }).click()
    await untilSounding(page)
    await player(page).getByRole('button', { name: 'Next', exact: true }).click()
    await expect.poll(() => page.title()).toContain('Second')
    await untilSounding(page)
    const result = await listenTo(page, second, 4)
    expect(result.drift).toBe(0)
    expect(result.worstFit).toBeGreaterThan(0.9)
  })

  test('a reload while playing keeps the queue and the position', async () => {
    const before = await elementTime(page)
    await page.reload()
    await player(page).getByText('Second').first().waitFor()
    await playButton(page).click()
    await untilSounding(page)
    await expect.poll(() => elementTime(page)).toBeGreaterThan(before - 2)
  })

  test('the server is killed in mid-track and comes back', async () => {
    await openRelease()
    await page.getByRole('button', { name: 'Play First', exact: true }).click()
    await untilSounding(page)
    await server.kill()
    await pause(2500)
    server = await start()
    const result = await listenTo(page, first, 4)
    expect(result.drift).toBe(0)
    expect(result.worstFit).toBeGreaterThan(0.9)
  })

  test('the worker is stopped three times in mid-track', async () => {
    await openRelease()
    await page.getByRole('button', { name: 'Play First', exact: true }).click()
    await untilSounding(page)
    const { cdp, versions } = await workers()
    const hearStops = async (): Promise<Heard> => {
      await forgetHeard(page)
      for (let round = 0; round < 3; round += 1) {
        expect(versions.size).toBeGreaterThan(0)
        for (const versionId of versions)
          await cdp.send('ServiceWorker.stopWorker', { versionId }).catch(() => undefined)
        await pause(2500)
      }
      return compare(first, await heard(page))
    }
    let result = await hearStops()
    for (let again = 0; again < 2 && !isExact(result); again += 1) result = await hearStops()
    expect(result.drift).toBe(0)
    expect(result.worstFit).toBeGreaterThan(0.9)
    await cdp.detach()
  })

  test('every segment in another bitrate sounds as one piece', async () => {
    const cycling = await context.newPage()
    // The play record takes a pattern; nothing in the product sets it.
    await cycling.addInitScript(() => {
      const put = IDBObjectStore.prototype.put
      IDBObjectStore.prototype.put = function (this: IDBObjectStore, value: unknown, key?: IDBValidKey) {
        const isPlay = typeof value === 'object' && value !== null && 'signedHead' in value
        return put.call(this, isPlay ? { ...value, pattern: 'cycle' } : value, ...(key === undefined ? [] : [key]))
      }
    })
    await cycling.goto(page.url())
    await cycling.getByRole('button', { name: 'Play First', exact: true }).click()
    await untilSounding(cycling)
    const result = await listenTo(cycling, first, 10)
    expect(result.drift).toBe(0)
    expect(result.worstFit).toBeGreaterThan(0.9)
    await cycling.close()
  })

  test('a chunk that was altered on the device is never heard', async () => {
    await page.goto(server.origin)
    const altered = await page.evaluate(async () => {
      let count = 0
      for (const name of await caches.keys()) {
        const cache = await caches.open(name)
        for (const request of await cache.keys()) {
          if (!request.url.includes('/chunks/')) continue
          const bytes = new Uint8Array(await (await cache.match(request))!.arrayBuffer())
          bytes[bytes.length >> 1]! ^= 1
          await cache.put(request, new Response(bytes))
          count += 1
        }
      }
      return count
    })
    expect(altered).toBeGreaterThan(5)
    await openRelease()
    await page.getByRole('button', { name: 'Play First', exact: true }).click()
    await untilSounding(page)
    const result = await listenTo(page, first, 5)
    expect(result.drift).toBe(0)
    expect(result.worstFit).toBeGreaterThan(0.9)
  })

  test('with the server stopped, what was played plays after a reload', async () => {
    await openRelease()
    await page.getByRole('button', { name: 'Play Second', exact: true }).click()
    await untilSounding(page)
    // All of it is kept within a minute ahead of the ear.
    await pause(6000)
    await server.stop()
    await page.reload()
    await page.getByRole('button', { name: 'Play Second', exact: true }).click()
    await forgetHeard(page)
    await untilSounding(page)
    const result = await listenTo(page, second, 4)
    expect(result.drift).toBe(0)
    expect(result.worstFit).toBeGreaterThan(0.9)
  })

  test('a chunk that was altered on the server is refused with a message, and the player offers a way on', async () => {
    await damageObjects(join(folder.path, 'data', 'objects'))
    server = await start()
    await page.evaluate(async () => {
      for (const name of await caches.keys()) if (name.includes('chunk')) await caches.delete(name)
    })
    const cdp = await context.newCDPSession(page)
    await cdp.send('Network.clearBrowserCache')
    await cdp.detach()
    await openRelease()
    await page.getByRole('button', { name: 'Play First', exact: true }).click()
    await player(page)
      .getByRole('button', { name: /Retry|Skip/ })
      .first()
      .waitFor({ timeout: 60_000 })
  })
})

/** Flips one bit in every object: what is delivered is not what was named. */
const damageObjects = async (objects: string): Promise<void> => {
  const { readFile } = await import('node:fs/promises')
  const files = (await readdir(objects, { recursive: true, withFileTypes: true })).filter(
    (entry) => entry.isFile() && /^[0-9a-f]{64}$/.test(entry.name),
  )
  for (const file of files) {
    const path = join(file.parentPath, file.name)
    const bytes = await readFile(path)
    if (bytes.length < 5000) continue
    bytes[bytes.length >> 1]! ^= 1
    await writeFile(path, bytes)
  }
}
