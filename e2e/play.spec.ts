import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { BrowserContext, CDPSession, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { elementTime, clearRecording, recorded, recordEverything } from './capture.ts'
import { claimCodeOf } from '../harness/device.ts'
import { compare, isExact, listenTo, type Comparison } from './listen-to.ts'
import { makeSound, writeWav } from '../harness/sound.ts'
import { chromiumPath, openDevice } from '../harness/browser.ts'
import { freePort, startServer, type RunningServer } from '../harness/server-process.ts'
import { temporaryFolder } from '../harness/temporary-folder.ts'
import { until } from '../harness/until.ts'

// The real page on the real server. What it plays is recorded and compared with the source, sample by sample.

const first = makeSound(90, 1)
const second = makeSound(45, 2)

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

const player = (page: Page) => page.getByRole('region', { name: 'Player' })
const playButton = (page: Page) => player(page).getByRole('button', { name: 'Play', exact: true })
const pauseButton = (page: Page) => player(page).getByRole('button', { name: 'Pause', exact: true })

const untilPlaying = async (page: Page): Promise<void> => {
  await expect.poll(() => elementTime(page), { timeout: 20_000 }).toBeGreaterThan(0.05)
}

describe.skipIf(chromiumPath === undefined)('a person plays music', () => {
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

  /** The versions of the service worker that run, or have run. */
  const watchWorkers = async (): Promise<{ cdp: CDPSession; versions: Set<string> }> => {
    const cdp = await context.newCDPSession(page)
    const versions = new Set<string>()
    cdp.on(
      'ServiceWorker.workerVersionUpdated',
      (event: { versions: { versionId: string; runningStatus: string }[] }) => {
        for (const version of event.versions) if (version.runningStatus === 'running') versions.add(version.versionId)
      },
    )
    await cdp.send('ServiceWorker.enable')
    await expect.poll(() => versions.size, { timeout: 20_000 }).toBeGreaterThan(0)
    return { cdp, versions }
  }

  const cachedChunks = (): Promise<number> =>
    page.evaluate(async () => {
      let count = 0
      for (const name of await caches.keys())
        count += (await (await caches.open(name)).keys()).filter(({ url }) => url.includes('/chunks/')).length
      return count
    })

  /** Deletes the entries, not the cache: the service worker keeps its `Cache` object, and a deleted cache would take its writes unseen. */
  const deleteCachedChunks = (): Promise<void> =>
    page.evaluate(async () => {
      for (const name of await caches.keys()) {
        if (!name.includes('chunk')) continue
        const cache = await caches.open(name)
        for (const request of await cache.keys()) await cache.delete(request)
      }
    })

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
    const recordStart = async (): Promise<Comparison> => {
      await openRelease()
      await clearRecording(page)
      await page.getByRole('button', { name: 'Play First', exact: true }).click()
      await untilPlaying(page)
      await pause(8000)
      return compare(first, await recorded(page))
    }
    // Repeated because the recorder itself can lose samples (listen-to.ts).
    let result = await recordStart()
    for (let again = 0; again < 2 && !isExact(result); again += 1) result = await recordStart()
    expect(result.drift).toBe(0)
    expect(result.worstFit).toBeGreaterThan(0.9)
    expect(result.startsAt).toBeLessThan(0.03)
  })

  test('it pauses, and resumes at the same position', async () => {
    await pauseButton(page).click()
    await playButton(page).waitFor()
    const pausedAt = await elementTime(page)
    await pause(1200)
    expect(await elementTime(page)).toBeCloseTo(pausedAt, 1)
    await playButton(page).click()
    await expect.poll(() => elementTime(page)).toBeGreaterThan(pausedAt + 0.3)
  })

  test('a seek by the slider lands at the right position', async () => {
    const seek = player(page).getByRole('slider', { name: 'Seek' })
    await seek.focus()
    const before = await elementTime(page)
    await page.keyboard.press('PageUp')
    await expect.poll(() => elementTime(page)).toBeGreaterThan(before + 25)
    const result = await listenTo(page, first, 4)
    expect(result.drift).toBe(0)
    expect(result.startsAt).toBeGreaterThan(before + 25)
  })

  test('Next plays the next track', async () => {
    await openRelease()
    await page.getByRole('button', { name: 'Play First', exact: true }).click()
    await untilPlaying(page)
    await player(page).getByRole('button', { name: 'Next', exact: true }).click()
    await expect.poll(() => page.title()).toContain('Second')
    await untilPlaying(page)
    const result = await listenTo(page, second, 4)
    expect(result.drift).toBe(0)
    expect(result.worstFit).toBeGreaterThan(0.9)
  })

  test('a reload while playing keeps the queue and the position', async () => {
    const before = await elementTime(page)
    await page.reload()
    await player(page).getByText('Second').first().waitFor()
    await playButton(page).click()
    await untilPlaying(page)
    await expect.poll(() => elementTime(page)).toBeGreaterThan(before - 2)
  })

  test('playback survives a server that is killed in mid-track and comes back', async () => {
    await openRelease()
    await page.getByRole('button', { name: 'Play First', exact: true }).click()
    await untilPlaying(page)
    await server.kill()
    await pause(2500)
    server = await start()
    const result = await listenTo(page, first, 4)
    expect(result.drift).toBe(0)
    expect(result.worstFit).toBeGreaterThan(0.9)
  })

  test('playback survives a service worker that is stopped three times in mid-track', async () => {
    await openRelease()
    await page.getByRole('button', { name: 'Play First', exact: true }).click()
    await untilPlaying(page)
    const { cdp, versions } = await watchWorkers()
    const recordStops = async (): Promise<Comparison> => {
      await clearRecording(page)
      for (let round = 0; round < 3; round += 1) {
        for (const versionId of versions)
          await cdp.send('ServiceWorker.stopWorker', { versionId }).catch(() => undefined)
        await pause(2500)
      }
      return compare(first, await recorded(page))
    }
    let result = await recordStops()
    for (let again = 0; again < 2 && !isExact(result); again += 1) result = await recordStops()
    expect(result.drift).toBe(0)
    expect(result.worstFit).toBeGreaterThan(0.9)
    await cdp.detach()
  })

  test('segments of alternating bit rates play without a gap', async () => {
    const cycling = await context.newPage()
    // The stored play has a field `pattern` for this test; the product never sets it.
    await cycling.addInitScript(() => {
      const put = IDBObjectStore.prototype.put
      IDBObjectStore.prototype.put = function (this: IDBObjectStore, value: unknown, key?: IDBValidKey) {
        const isPlay = typeof value === 'object' && value !== null && 'signedHead' in value
        return put.call(this, isPlay ? { ...value, pattern: 'cycle' } : value, ...(key === undefined ? [] : [key]))
      }
    })
    await cycling.goto(page.url())
    await cycling.getByRole('button', { name: 'Play First', exact: true }).click()
    await untilPlaying(cycling)
    const result = await listenTo(cycling, first, 10)
    expect(result.drift).toBe(0)
    expect(result.worstFit).toBeGreaterThan(0.9)
    await cycling.close()
  })

  test('a chunk that was altered on the device is never played', async () => {
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
    await untilPlaying(page)
    const result = await listenTo(page, first, 5)
    expect(result.drift).toBe(0)
    expect(result.worstFit).toBeGreaterThan(0.9)
  })

  test('a track that was played once plays after a reload without a server', async () => {
    await openRelease()
    await deleteCachedChunks()
    await page.getByRole('button', { name: 'Play Second', exact: true }).click()
    await untilPlaying(page)
    // All of the track: 15 segments and the tail.
    await expect.poll(cachedChunks, { timeout: 120_000 }).toBeGreaterThanOrEqual(16)
    await server.stop()
    await page.reload()
    await page.getByRole('button', { name: 'Play Second', exact: true }).click()
    await clearRecording(page)
    await untilPlaying(page)
    const result = await listenTo(page, second, 4)
    expect(result.drift).toBe(0)
    expect(result.worstFit).toBeGreaterThan(0.9)
  })

  test('a chunk that was altered on the server is not played; the player offers Retry or Skip', async () => {
    await damageObjects(join(folder.path, 'data', 'objects'))
    server = await start()
    await deleteCachedChunks()
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

/** Flips one bit in every object, so that its hash is not its name any more. */
const damageObjects = async (objects: string): Promise<void> => {
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
